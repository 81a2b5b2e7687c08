<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

/**
 * The way to Fotopoort. All methods throw Unavailable where it does not answer, and Refused where it will not judge.
 */
interface Transport
{
    public function submit(Submission $submission): Answer;

    /** What holds now for a photo, by the SHA-256 of the original or of its rendition; null where it is not known. */
    public function verdict(string $sha256): ?Answer;

    /** The JPEG of an answer that has one; its SHA-256 is the answer's. Null where it does not hold any more. */
    public function rendition(Answer $answer): ?string;
}
