/** The bar, welcome, the quiet home and its problems: what the first load carries. Keep it lean. */

export default {
  'leave.now': 'Leave now',
  back: 'Back',
  'try.again': 'Try again',
  'row.help': 'Someone to call, and safety',
  'row.about': 'About this server',

  'frame.update': 'A new version is ready.',
  'frame.update.load': 'Load it',
  'frame.trial': 'This is a trial: both phones are on this one screen, and nothing in it is private.',
  'frame.memory': 'This browser keeps nothing. When this page is closed, your place in the rounds is gone.',
  'frame.failed': 'This page could not be loaded. Is there a connection?',

  'welcome.title': 'Neither shut nor open',
  'welcome.lead': 'Between staying and going there is a third thing: one conversation.',
  'welcome.what':
    'It would be about what it would take to even think about working on it. It promises nothing and commits nobody.',
  'welcome.how': 'How it goes',
  'welcome.how.1': 'On fixed days, each of you says in private whether you would be open to that one conversation.',
  'welcome.how.2': 'When a round closes, both phones show one thing: whether both of you are.',
  'welcome.how.3': 'If not, the round is quiet. Nobody is told who said what, or whether anyone answered.',
  'welcome.none':
    'No account, no name, no e-mail. What whoever runs this server can see is told before the first answer.',
  'welcome.invite': 'Make an invitation',
  'welcome.join': 'I have an invitation',

  'home.title': 'This round',
  'home.closes': 'It closes on {when}.',
  'home.until': 'Until then you can answer, or change your answer, as often as you like. The last one counts.',
  'home.same': 'This page looks the same whatever anyone has answered, and if nobody has.',
  'home.calm': 'Nothing happens here before the close. Looking again changes nothing.',
  'home.answer': 'Answer or change your answer',
  'home.lost':
    'Something was lost on the server, for everybody alike. If you want to answer this round, please answer again.',
  'home.closing': 'This round is closing',
  'home.closing.body': 'How it ended will be here in a moment.',
  'home.closing.offline': 'How it ended will be here once there is a connection.',
  'home.closed': 'The round of {day} has closed.',
  'home.closed.body': 'Look now or another time. Looking tells nobody.',
  'home.see': 'See how it ended',
  'home.last': 'The round of {day}',
  'home.invitation': 'The invitation',
  'home.honest': 'What each of you can learn',
  'home.reminders': 'Reminders',
  'home.stop': 'Stop asking me',
  'home.leave': 'Leave the rounds',
  'home.unreachable': 'No connection right now. What you see comes from this phone’s own memory.',
  'home.ahead': 'This phone’s clock is ahead by {off}. Please set it to the right time.',
  'home.behind': 'This phone’s clock is behind by {off}. Please set it to the right time.',
  'home.clock.why': 'With a wrong clock, an answer near the close may not be taken.',

  // Fixed: shown to whoever sends them and to whoever reads them.
  'decided.words':
    'I have decided, and I will not be taking part in this conversation. I am telling you so that you do not have to wait.',

  'insecure.title': 'A secure connection is needed',
  'insecure.body':
    'Ajar makes its keys on your phone, and browsers allow that only at addresses that begin with https. Please ask whoever runs this server for such an address.',

  'off.minutes': '{n} min',
  'off.hours': '{n} h',
} as const;
