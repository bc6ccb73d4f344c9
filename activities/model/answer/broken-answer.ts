/** The answer broke off or made no sense: worth another try. */
export class BrokenAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenAnswer';
  }
}
