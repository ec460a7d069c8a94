/** About this server. */

export default {
  'about.title': 'About this server',
  'about.operator': 'Run by',
  'about.operator.none': 'It does not say.',
  'about.contact': 'How to reach them',
  'about.contact.none': 'It does not say.',
  'about.neither': 'If that is one of the two of you, please do not use it together.',
  'about.version': 'Version',
  'about.build': 'This build',
  'about.build.server': 'The server’s build',
  'about.unknown': 'The server could not be asked. Is there a connection?',
  'about.collects':
    'No account, no e-mail, no tracking. Two weeks after the last close, or after both were open, this server erases what it has about a pair. An older backup may still hold the dates and whether both were open, but no answer that can be read.',
  'about.not': 'Ajar is not therapy, and it is not medical or legal advice.',
  'about.free': 'Ajar is free software under the Apache License 2.0.',
} as const;
