<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

/**
 * A folder of small files, each written whole or not at all. What must not be read over the web is in files that end in
 * .php and begin with a line that shows nothing.
 */
final class Folder
{
    private const SHOWN_NOTHING = "<?php exit; ?>\n";

    public function __construct(public readonly string $path)
    {
    }

    public function exists(string $name): bool
    {
        return is_file("$this->path/$name");
    }

    public function read(string $name): ?string
    {
        $content = $this->exists($name) ? @file_get_contents("$this->path/$name") : false;
        return $content === false ? null : $content;
    }

    /** @throws Refusal */
    public function write(string $name, string $content): void
    {
        $draft = "$this->path/." . bin2hex(random_bytes(8)) . '.draft';
        if (@file_put_contents($draft, $content) !== strlen($content) || !@rename($draft, "$this->path/$name")) {
            @unlink($draft);
            throw new Refusal(503, 'fotopoort_no_room');
        }
    }

    public function remove(string $name): void
    {
        $this->exists($name) && @unlink("$this->path/$name");
    }

    /** @return ?array<string, mixed> */
    public function state(string $name): ?array
    {
        $content = $this->read("$name.php");
        $state = $content === null ? null : json_decode(substr($content, strlen(self::SHOWN_NOTHING)), true);
        return is_array($state) ? $state : null;
    }

    /** @param array<string, mixed> $state */
    public function setState(string $name, array $state): void
    {
        $this->write("$name.php", self::SHOWN_NOTHING . json_encode($state, JSON_THROW_ON_ERROR));
    }

    /**
     * Do something that nobody else does in this folder at the same time.
     *
     * @template T
     * @param callable(): T $work
     * @return T
     */
    public function alone(callable $work): mixed
    {
        $lock = fopen("$this->path/lock.php", 'c');
        if ($lock === false) {
            throw new Refusal(503, 'fotopoort_no_room');
        }
        flock($lock, LOCK_EX);
        try {
            return $work();
        } finally {
            flock($lock, LOCK_UN);
            fclose($lock);
        }
    }
}
