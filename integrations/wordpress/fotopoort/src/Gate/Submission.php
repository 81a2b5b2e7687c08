<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

/**
 * What is asked about: a photo with the name it would have, or a text.
 */
final class Submission
{
    /**
     * @param ?string $photo its bytes
     * @param string[] $groups names of the groups whose children can be in it
     * @param string $reference this site's id of the article; its photos belong together
     * @param string $idempotencyKey the same where the same is asked again because the first answer was lost
     */
    public function __construct(
        public readonly ?string $photo,
        public readonly string $fileName = '',
        public readonly string $text = '',
        public readonly array $groups = [],
        public readonly string $reference = '',
        public readonly string $idempotencyKey = '',
    ) {
    }
}
