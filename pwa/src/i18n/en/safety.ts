/** Is it safe for you? And the help lines. */

export default {
  'safety.title': 'Is it safe for you?',
  'safety.intro': 'A minute to read, before you go on. Nothing about this page is kept or sent.',
  'safety.title.help': 'Someone to call, and safety',
  'safety.intro.help':
    'You do not need to be sure that it is bad enough. People on these lines are there for being unsure, too.',
  'safety.when': 'Please do not use Ajar if',
  'safety.when.fear': 'you are afraid of your partner or of how they would take this, or they may be afraid of you;',
  'safety.when.violence':
    'there are threats, also to hurt oneself or the children; or someone has been hit, held, followed or forced;',
  'safety.when.control': 'someone decides whom you see, what you spend, or looks through your phone;',
  'safety.when.order': 'a court has ordered one of you to stay away, or one of you has asked for no contact;',
  'safety.when.forced': 'someone is making you take part;',
  'safety.when.decided':
    'one of you has already decided. Nobody owes an answer here, and this is no way to change a mind.',
  'safety.lines.first':
    'If you are afraid, forced or unsure, please talk first to someone who knows about this: the help lines are for it. If one of you has decided, you need do nothing here.',
  'safety.leaving':
    'If you think of separating from someone who frightens you: the time around it can be more dangerous, even where nothing had happened before. That is no reason to stay. It is a reason to plan it with someone who knows how.',
  'safety.leaving.source': 'Brownridge, Aggression and Violent Behavior, 2006.',
  'safety.page': 'Leaving this page in a hurry',
  'safety.page.body':
    'The button at the top, or pressing Shift three times, hides Ajar and opens another page. It does not take you out of the rounds. The browser’s history stays: whoever opens Ajar here again, or goes forward in this tab, sees it. The app stays on the phone if you installed it.',
  'safety.page.device':
    'Ajar cannot protect you if someone looks through this phone, or has put something on it to watch you. Calls stay in its list of calls. To look for help, use a phone they cannot get at, or a computer at a library.',
  'safety.go': 'None of this is so: go on',
  'safety.stop': 'Not for me now',

  'lines.title': 'Help lines',
  'lines.country': 'Country',
  'lines.country.none': 'Choose a country',
  'lines.emergency': 'In danger now',
  'lines.abuse': 'Fear, threats, violence, control',
  'lines.men': 'Lines for men',
  'lines.crisis': 'Thoughts of suicide, or too much to carry alone',
  'lines.other': 'Where else to find help',
  'lines.directory': 'Lists of help, for many countries',
  'lines.text': 'By text: {text}',
  'lines.whatsapp': 'WhatsApp: {number}',
  'lines.checked': 'This list is as of {day}. Numbers change; if one does not work, try the next.',
  'lines.inside': 'Short numbers work only inside their country.',
  'lines.none':
    'The list of help lines could not be loaded. If you are in danger, call the emergency number of the country you are in.',
} as const;
