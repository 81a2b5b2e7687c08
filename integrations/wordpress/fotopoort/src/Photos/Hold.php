<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * Originals that cannot be placed yet: outside the folder that the web server shows where that can be, and always sealed
 * with a key that is in the database. Whoever gets at the files alone has nothing.
 */
final class Hold
{
    public const OPTIONS = ['fotopoort_hold_folder', 'fotopoort_hold_key'];

    private const FOLDER = 'fotopoort_hold_folder';
    private const KEY = 'fotopoort_hold_key';

    public function prepare(): void
    {
        $this->folder();
        $this->key();
    }

    /** @return ?string the name by which it is got back; null where it could not be kept */
    public function put(string $bytes): ?string
    {
        $folder = $this->folder();
        $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $name = bin2hex(random_bytes(16)) . '.sealed';
        $sealed = $nonce . sodium_crypto_secretbox($bytes, $nonce, $this->key());
        $isKept = $folder !== null && @file_put_contents("$folder/$name", $sealed) === strlen($sealed);
        return $isKept ? $name : null;
    }

    public function get(?string $name): ?string
    {
        $folder = $this->folder();
        if ($name === null || $folder === null || !is_file("$folder/$name")) {
            return null;
        }
        $sealed = (string) file_get_contents("$folder/$name");
        $nonce = substr($sealed, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        if (strlen($nonce) < SODIUM_CRYPTO_SECRETBOX_NONCEBYTES) {
            return null;
        }
        $bytes = sodium_crypto_secretbox_open(substr($sealed, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES), $nonce, $this->key());
        return $bytes === false ? null : $bytes;
    }

    public function drop(?string $name): void
    {
        $folder = $this->folder();
        if ($name !== null && $folder !== null && is_file("$folder/$name")) {
            unlink("$folder/$name");
        }
    }

    /** Whether it was put here within the hour. */
    public function isFresh(?string $name): bool
    {
        $folder = $this->folder();
        return $name !== null && $folder !== null && is_file("$folder/$name") && filemtime("$folder/$name") > time() - 3600;
    }

    public function isOutsideSite(): bool
    {
        $folder = $this->folder();
        return $folder !== null && !str_starts_with("$folder/", trailingslashit(self::root()));
    }

    public function destroy(): void
    {
        $folder = get_option(self::FOLDER);
        if (!is_string($folder) || !str_contains(basename($folder), 'fotopoort-')) {
            return;
        }
        foreach ([...(array) glob("$folder/*.sealed"), "$folder/index.php", "$folder/.htaccess"] as $file) {
            is_file((string) $file) && unlink((string) $file);
        }
        is_dir($folder) && @rmdir($folder);
    }

    /** Chosen once: a page, a command and a scheduled run know different things about where the site is. */
    private function folder(): ?string
    {
        $chosen = get_option(self::FOLDER);
        if (is_string($chosen) && $chosen !== '' && wp_mkdir_p($chosen)) {
            return $chosen;
        }
        $name = 'fotopoort-' . bin2hex(random_bytes(8));
        $parents = defined('FOTOPOORT_HOLD') ? [(string) constant('FOTOPOORT_HOLD')] : [dirname(self::root()), WP_CONTENT_DIR];
        foreach ($parents as $parent) {
            if (@is_dir($parent) && @is_writable($parent) && @mkdir("$parent/$name", 0700)) {
                file_put_contents("$parent/$name/index.php", "<?php\n");
                file_put_contents("$parent/$name/.htaccess", "Require all denied\n");
                update_option(self::FOLDER, "$parent/$name", false);
                return "$parent/$name";
            }
        }
        return null;
    }

    private static function root(): string
    {
        $served = realpath((string) ($_SERVER['DOCUMENT_ROOT'] ?? ''));
        $site = (string) realpath(ABSPATH);
        return $served !== false && $served !== '' && str_starts_with("$site/", "$served/") ? $served : $site;
    }

    private function key(): string
    {
        $key = base64_decode((string) get_option(self::KEY), true);
        if ($key === false || strlen($key) !== SODIUM_CRYPTO_SECRETBOX_KEYBYTES) {
            $key = sodium_crypto_secretbox_keygen();
            update_option(self::KEY, base64_encode($key), false);
        }
        return $key;
    }
}
