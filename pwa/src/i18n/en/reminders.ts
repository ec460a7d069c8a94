/** Reminders: when, in which words, and the calendar file that does the same. */

export default {
  'reminders.title': 'Reminders',
  'reminders.intro': 'A reminder is yours alone. Your partner cannot set one off, and is not told of yours.',
  'reminders.answered': 'It comes whether or not you have answered, and asks nothing of you.',

  'reminders.when': 'When?',
  'reminders.day': 'At an hour I choose',
  'reminders.hours': 'Some hours before',
  'reminders.days': 'Which day',
  'reminders.days.1': 'The day before',
  'reminders.days.2': 'Two days before',
  'reminders.days.0': 'The same day',
  'reminders.at': 'At what time',
  'reminders.before': 'How many hours before the close',
  'reminders.besides': 'The day after, and quiet hours',
  'reminders.after': 'Once more, the day after a close',
  'reminders.after.at': 'At what time the day after',
  'reminders.quiet': 'Keep some hours quiet',
  'reminders.quiet.from': 'Quiet from',
  'reminders.quiet.to': 'Quiet until',
  'reminders.quiet.hint':
    'What would come in between comes just before. The one on the day after a close comes when the quiet ends.',
  'reminders.coming': 'With these times',
  'reminders.coming.none': 'With these times none is left to come.',
  'reminders.silent':
    'That is for four closes at most. Opening Ajar adds later ones; if you stop opening it, they stop by themselves. All end with the last close.',

  'reminders.words.other': 'Other words, and sound',
  'reminders.words': 'What should it say?',
  'reminders.words.plain': 'Reminder',
  'reminders.words.plain.body': 'You asked to be reminded.',
  'reminders.words.moment': 'A few minutes for yourself',
  'reminders.words.moment.body': 'Whenever it suits you.',
  'reminders.words.note': 'A note to yourself',
  'reminders.words.note.body': 'You left it on this phone.',
  'reminders.words.own': 'Words of my own',
  'reminders.words.own.title': 'First line',
  'reminders.words.own.body': 'Second line',
  'reminders.words.own.seen':
    'Whoever sees this phone, even locked, or a watch or car that shows its notifications, reads these words. They are not sent to the server.',
  'reminders.sound': 'With a sound',
  'reminders.sound.hint':
    'Otherwise it comes without one, if your phone goes along with that. A calendar follows its own settings.',
  'reminders.preview': 'This is what it says',
  'reminders.name': 'Your phone adds the name Ajar, or this server’s address. Anyone near this screen can see that.',
  'reminders.show': 'Show me one',
  'reminders.shown':
    'One was shown just now. If you saw none, look at what this phone’s settings say about notifications.',
  'reminders.not.shown': 'None could be shown just now.',

  'reminders.on.do': 'Turn reminders on',
  'reminders.change': 'Save these times',
  'reminders.off.do': 'Turn reminders off',
  'reminders.off': 'Reminders are off.',
  'reminders.on.none': 'Reminders are on. None is left to come.',
  'reminders.on.next': 'Reminders are on. The next one comes on {when}.',
  'reminders.saving': 'One moment.',
  'reminders.unknown': 'No reply has come yet. It is being sent again.',
  'reminders.unknown.off':
    'Reminders are off, and none comes to this phone. The server is told as soon as there is a connection.',
  'reminders.denied':
    'This browser has been told not to show notifications for Ajar, so reminders are off. If you want them, allow them in its settings, then come back here.',
  'reminders.refused':
    'Reminders could not be set up with this browser just now. Ajar works just the same without them.',
  'reminders.refused.later':
    'The reminders could not be renewed just now. It is tried again the next time you open Ajar.',
  'reminders.not_installed':
    'On an iPhone or iPad, reminders work only when Ajar is on the Home Screen, and not in Lockdown Mode: open it in Safari, tap Share, then “Add to Home Screen”. Safari and the Home Screen share nothing, so this is for before you invite or join. If you already have a place here in Safari, keep using it here.',
  'reminders.no_push': 'This browser cannot show reminders. Ajar works just the same without them.',
  'reminders.instead': 'A calendar can do it instead: choose the times and words below.',

  'reminders.calendar': 'In a calendar',
  'reminders.calendar.too': 'Or put them into a calendar',
  'reminders.calendar.what':
    'This phone makes a file with the times and words above. Opened in a calendar, it becomes entries with an alarm. Nothing is sent to the server.',
  'reminders.calendar.seen':
    'Whoever shares the calendar sees the entries, and so may a tablet or a car that uses the same account. Choose a calendar that only you can see.',
  'reminders.calendar.back':
    'Ajar cannot take the entries back: not when you answer, turn reminders off or ask it to stop, and not when the rounds end. You can delete them in the calendar, and the file among your downloads.',
  'reminders.calendar.few':
    'That is for four closes at most. For later ones, you can make another file once these are over.',
  'reminders.calendar.do': 'Make the calendar file',
  'reminders.calendar.made': 'The file is called calendar.ics. Entries in it: {n}.',
} as const;
