<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * How a photo stands in this site.
 */
enum State: string
{
    /** Its rendition is placed. */
    case Cleared = 'cleared';
    /** Fotopoort looks at it, or a person must answer; a placeholder is there. */
    case Waiting = 'waiting';
    /** Fotopoort did not answer; it is asked again. */
    case Away = 'away';
    /** It may not be placed. */
    case Refused = 'refused';
    /** It was placed, and is taken away. */
    case Revoked = 'revoked';
}
