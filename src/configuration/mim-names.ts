/** The mechanisms that a configuration may speak of: names that stay when numbers change. */
export const MIM_NAMES = ['accessing', 'interlinking', 'representing', 'exchanging', 'personal', 'transparency', 'securing', 'places'] as const
