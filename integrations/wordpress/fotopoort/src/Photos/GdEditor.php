<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

final class GdEditor extends \WP_Image_Editor_GD
{
    use Traced;
}
