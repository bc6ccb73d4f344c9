/** Keys of the requests of a check begin so, and end in mode and exchange: `teacher-check.<uuid>/think/0`. No rollout has such a name. */
export const checkKeyPrefix = 'teacher-check.';
