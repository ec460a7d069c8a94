/** Reminders, in their simplest form. */

export default {
  'reminders.title': 'Reminders',
  'reminders.intro': 'A reminder is yours alone. Your partner cannot set one off, and is not told of yours.',
  'reminders.what':
    'It says “Reminder” and “You asked to be reminded.” Your phone adds the name Ajar, or this server’s address. Anyone near this screen can see that. It comes whether or not you have answered.',
  'reminders.silent': 'If you stop opening Ajar, at most four more come. Then they stop by themselves.',
  'reminders.when': 'When?',
  'reminders.evening': 'The evening before',
  'reminders.hours': 'Some hours before',
  'reminders.at': 'At what time',
  'reminders.before': 'How many hours before the close',
  'reminders.on.do': 'Turn reminders on',
  'reminders.change': 'Save the change',
  'reminders.off.do': 'Turn reminders off',
  'reminders.off': 'Reminders are off.',
  'reminders.on': 'Reminders are on.',
  'reminders.on.next': 'Reminders are on. The next one comes on {when}.',
  'reminders.saving': 'One moment.',
  'reminders.unknown': 'No reply has come yet. It is being sent again.',
  'reminders.denied':
    'This browser has been told not to show notifications for Ajar. You can allow them in its settings, then come back here.',
  'reminders.refused': 'Reminders could not be set up with this browser. Ajar works just the same without them.',
  'reminders.not_installed':
    'On an iPhone or iPad, reminders work only when Ajar is on the Home Screen: open it in Safari, tap Share, then “Add to Home Screen”. Safari and the Home Screen share nothing, so this is for before you invite or join. If you already have a place here in Safari, keep using it here.',
  'reminders.no_push': 'This browser cannot show reminders. Ajar works just the same without them.',
  'reminders.instead': 'An alarm or a calendar that only you can see does as well.',
} as const;
