/** Is it safe for you? And the help lines. */

export default {
  'safety.title': 'Is it safe for you?',
  'safety.intro': 'A minute to read, before you go on. Nothing about this page is kept or sent.',
  'safety.title.help': 'Someone to call, and safety',
  'safety.intro.help':
    'You do not need to be sure that it is bad enough. People on these lines are there for being unsure, too.',
  'safety.when': 'Please do not use Ajar if',
  'safety.when.fear': 'you are afraid of your partner, or of how they would take this;',
  'safety.when.violence': 'there are threats, or someone has been hit, held, followed or forced;',
  'safety.when.control': 'someone decides whom you see, what you spend, or looks through your phone;',
  'safety.when.order': 'a court has ordered one of you to stay away, or one of you has asked for no contact;',
  'safety.when.forced': 'someone is making you take part;',
  'safety.when.decided':
    'one of you has already decided. Nobody owes an answer here, and this is no way to change a mind.',
  'safety.lines.first': 'Then please talk first to someone who knows about this. The help lines are for it.',
  'safety.leaving':
    'If you think of separating from someone who frightens you: the time around it can be more dangerous, even where nothing had happened before. That is no reason to stay. It is a reason to plan it with someone who knows how.',
  'safety.leaving.source': 'Brownridge, Aggression and Violent Behavior, 2006.',
  'safety.page': 'Leaving this page in a hurry',
  'safety.page.body':
    'The button at the top, or pressing Shift three times, closes Ajar and opens another page. It does not erase the browser’s history, and the app stays on the phone if you have installed it.',
  'safety.page.device':
    'If someone may be looking through this phone, use another one for this: a friend’s, or one at a library.',
  'safety.go': 'None of this fits: go on',
  'safety.stop': 'Not for me now',

  'lines.title': 'Help lines',
  'lines.country': 'Country',
  'lines.country.none': 'Choose a country',
  'lines.emergency': 'In danger now',
  'lines.abuse': 'Fear, threats, violence, control',
  'lines.men': 'Lines for men',
  'lines.crisis': 'When it is too much to carry alone',
  'lines.other': 'Where else to find help',
  'lines.directory': 'Lists of help, for many countries',
  'lines.text': 'By text: {text}',
  'lines.whatsapp': 'WhatsApp: {number}',
  'lines.checked': 'This list was checked on {day}. Numbers change; if one does not work, try the next.',
  'lines.inside': 'Short numbers work only inside their country.',
  'lines.none':
    'The list of help lines could not be loaded. If you are in danger, call the emergency number of the country you are in.',
} as const;
