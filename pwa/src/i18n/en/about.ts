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
    'No account, no e-mail, no statistics. Two weeks after the last close, or after both were open, everything about a pair is erased.',
  'about.not': 'Ajar is not therapy, and it is not medical or legal advice.',
  'about.free': 'Ajar is free software under the AGPL, version 3 or later.',
} as const;
