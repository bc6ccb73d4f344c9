import { writeAttribution } from './attribution.ts';
import { type CardFacts, writeCard } from './card.ts';
import { releasePictures } from './pictures/release-pictures.ts';

interface TextFile {
  path: string;
  text: string;
}

/** The card and what it shows and names, from the numbers of the release alone: the same numbers give the same files. */
export function cardFiles(release: CardFacts): { card: TextFile; others: TextFile[] } {
  const pictures = releasePictures(release, release.figures);
  return {
    card: { path: 'README.md', text: writeCard(release, pictures) },
    others: [
      { path: 'ATTRIBUTION.md', text: writeAttribution(release, release.figures.repositories) },
      ...pictures.map(({ name, svg }) => ({ path: `pictures/${name}.svg`, text: svg })),
    ],
  };
}
