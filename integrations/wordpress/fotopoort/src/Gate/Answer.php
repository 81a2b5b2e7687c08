<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

/**
 * What Fotopoort says about one photo, or one text, on this site's channel.
 */
final class Answer
{
    /**
     * @param ?string $outcome publish, blur or reject; null while it is looked at
     * @param array{nl: string, en: string} $message one sentence
     * @param ?string $review address of the page where a person can still lift a reject
     * @param ?array{href: string, sha256: string} $rendition
     * @param ?array{outcome: string, message: array{nl: string, en: string}} $text
     * @param bool $holds whether what was given may stay where it is
     * @param bool $isRead whether the name of its file was looked at
     */
    private function __construct(
        public readonly string $id,
        public readonly ?string $outcome,
        public readonly array $message,
        public readonly ?string $review,
        public readonly ?array $rendition,
        public readonly ?array $text,
        public readonly bool $holds,
        public readonly int $retryAfter,
        public readonly bool $isRead = true,
    ) {
    }

    /** Whether there is a rendition that may be placed. */
    public function isCleared(): bool
    {
        return in_array($this->outcome, ['publish', 'blur'], true) && $this->rendition !== null;
    }

    /** The same of a photo; where its file's name may not be published, that is why it may not either. */
    public function underItsName(): self
    {
        if ($this->text === null || $this->text['outcome'] === 'publish') {
            return $this;
        }
        return new self($this->id, 'reject', $this->text['message'], null, null, $this->text, false, $this->retryAfter);
    }

    /** Whether another answer can come: it is still looked at, or waits for a person. */
    public function isOpen(): bool
    {
        return $this->outcome === null || ($this->outcome === 'reject' && $this->review !== null);
    }

    /**
     * @param mixed $document as in Fotopoort's contract
     * @throws Unavailable where it is none: something else answered
     */
    public static function fromDocument(mixed $document, int $retryAfter = 0): self
    {
        if (!is_array($document) || !in_array($document['status'] ?? null, ['done', 'pending'], true)) {
            throw new Unavailable();
        }
        $outcome = $document['status'] === 'done' ? ($document['outcome'] ?? null) : null;
        $text = is_array($document['text'] ?? null) ? $document['text'] : null;
        $rendition = is_array($document['rendition'] ?? null) ? $document['rendition'] : null;
        $review = is_array($document['review'] ?? null) ? $document['review'] : null;
        return new self(
            (string) ($document['id'] ?? ''),
            is_string($outcome) ? $outcome : null,
            self::sentence($document['message'] ?? null),
            $review === null ? null : (string) ($review['href'] ?? ''),
            $rendition === null ? null : [
                'href' => (string) ($rendition['href'] ?? ''),
                'sha256' => (string) ($rendition['sha256'] ?? ''),
            ],
            $text === null ? null : [
                'outcome' => (string) ($text['outcome'] ?? 'reject'),
                'message' => self::sentence($text['message'] ?? null),
            ],
            ($document['holds'] ?? false) === true,
            $retryAfter,
            ($document['read'] ?? true) === true,
        );
    }

    /** @return array{nl: string, en: string} */
    private static function sentence(mixed $message): array
    {
        $message = is_array($message) ? $message : [];
        return ['nl' => (string) ($message['nl'] ?? ''), 'en' => (string) ($message['en'] ?? '')];
    }
}
