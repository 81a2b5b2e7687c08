<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

final class ImagickEditor extends \WP_Image_Editor_Imagick
{
    use Traced;
}
