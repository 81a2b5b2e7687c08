<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

/**
 * Photos that wait for the school, sealed to its key, and what it said of them. Of a photo with the id X there are X.sealed until
 * it is answered, X.php (hashes), X.result.php (as the school signed it) and X.jpg (the rendition).
 */
final class Queue
{
    public const MAX_AGE = 7 * 86400;   // of a sealed file that nobody takes

    private const MAGIC = 'FPQ1';
    private const OFFERED = 20;

    public function __construct(private readonly Folder $folder, private readonly School $school)
    {
    }

    /**
     * Seal a photo, or a text without one, and put it in the queue. The same again has the same id.
     *
     * @param array<string, mixed> $header channel, text, file_name, group and reference
     * @throws Refusal
     */
    public function add(?string $photo, array $header): string
    {
        $sha256 = $photo === null ? null : hash('sha256', $photo);
        $id = substr(hash('sha256', json_encode([$sha256, $header], JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE)), 0, 32);
        $flags = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE;
        $head = json_encode(['id' => $id, 'sha256' => $sha256] + $header, $flags);
        $sealed = $this->school->seal(self::MAGIC . pack('N', strlen($head)) . $head . $photo);
        $about = ['sealed' => hash('sha256', $sealed), 'sha256' => $sha256] + ($this->folder->state($id) ?? ['sequence' => 0]);
        $this->folder->alone(function () use ($id, $about, $sealed, $sha256): void {
            $this->folder->setState($id, $about);
            $sha256 === null || $this->folder->setState("of-$sha256", ['id' => $id]);
            $this->folder->write("$id.sealed", $sealed);
        });
        return $id;
    }

    public function hasWaiting(): bool
    {
        return glob($this->folder->path . '/*.sealed') !== [];
    }

    /** @return array<int, array{id: string, bytes: int, sha256: string}> oldest first */
    public function waiting(): array
    {
        $times = [];
        foreach ((array) glob($this->folder->path . '/*.sealed') as $path) {
            $times[basename((string) $path, '.sealed')] = (int) @filemtime((string) $path);
        }
        asort($times);
        $offered = [];
        foreach ($times as $id => $time) {
            $about = $this->folder->state((string) $id);
            if ($about === null || $time < time() - self::MAX_AGE) {
                $this->folder->remove("$id.sealed");
            } elseif (count($offered) < self::OFFERED) {
                $bytes = (int) @filesize("{$this->folder->path}/$id.sealed");
                $offered[] = ['id' => (string) $id, 'bytes' => $bytes, 'sha256' => (string) $about['sealed']];
            }
        }
        return $offered;
    }

    /** @throws Refusal */
    public function sealed(mixed $id): string
    {
        return $this->folder->read(self::id($id) . '.sealed') ?? throw new Refusal(404, 'fotopoort_unknown_photo');
    }

    /**
     * Store what the school said, as it signed it.
     *
     * @param array<string, mixed> $message
     * @return ?string the hash of the rendition of what it said before, where that may not be shown any more
     * @throws Refusal
     */
    public function store(array $message, string $raw, string $signature, ?string $rendition): ?string
    {
        $id = self::id($message['photo'] ?? null);
        $described = $message['rendition'] ?? null;
        $sha256 = is_array($described) ? (string) ($described['sha256'] ?? '') : null;
        if (($rendition === null) !== ($sha256 === null) || ($rendition !== null && hash('sha256', $rendition) !== $sha256)) {
            throw new Refusal(422, 'fotopoort_bad_rendition');
        }
        $before = null;
        $this->folder->alone(function () use ($id, $message, $raw, $signature, $rendition, $sha256, &$before): void {
            $about = $this->folder->state($id) ?? throw new Refusal(404, 'fotopoort_unknown_photo');
            $isOurs = $message['sealed'] === $about['sealed'] && in_array($message['sha256'], [$about['sha256'], null], true);
            if (!$isOurs) {
                throw new Refusal(400, 'fotopoort_bad_message');
            }
            $before = $this->said($id)['rendition']['sha256'] ?? null;
            // The file before the word that it holds: whatever stops this, nothing is said that is not there.
            $this->folder->remove("$id.result.php");
            $rendition === null ? $this->folder->remove("$id.jpg") : $this->folder->write("$id.jpg", $rendition);
            $sha256 === null || $this->folder->setState("of-$sha256", ['id' => $id]);
            $this->folder->setState("$id.result", ['message' => Base64::encode($raw), 'signature' => $signature]);
            $this->folder->setState($id, ['sequence' => $message['sequence']] + $about);
            $this->folder->remove("$id.sealed");
        });
        return is_string($before) && $before !== $sha256 ? $before : null;
    }

    /** Nothing made of this rendition may be shown; its file is removed. */
    public function revoke(string $id, string $sha256): void
    {
        $this->folder->alone(function () use ($id, $sha256): void {
            $rendition = $this->folder->read("$id.jpg");
            if ($rendition !== null && hash('sha256', $rendition) === $sha256) {
                $this->folder->remove("$id.jpg");
            }
        });
    }

    /** The id of a photo by the hash of the original or of a rendition; null where it is not known. */
    public function find(string $sha256): ?string
    {
        $found = preg_match('/^[0-9a-f]{64}$/D', $sha256) ? $this->folder->state("of-$sha256") : null;
        return $found === null ? null : (string) $found['id'];
    }

    /** @return ?array<string, mixed> what the school said last, by its signature; null where it said nothing yet */
    public function result(string $id): ?array
    {
        return $this->folder->exists("$id.sealed") ? null : $this->said($id);   // it was asked about again
    }

    /** The rendition of a result, by the hash that the school signed. */
    public function rendition(string $id): ?string
    {
        return $this->result($id) === null ? null : $this->signed($id);
    }

    /** The hash of the rendition that is here, also while its photo is asked about again; null where there is none. */
    public function shown(string $id): ?string
    {
        $rendition = $this->signed($id);
        return $rendition === null ? null : hash('sha256', $rendition);
    }

    /** @return ?array<string, mixed> what the school said last, also where the photo was asked about again since */
    private function said(string $id): ?array
    {
        $stored = $this->folder->state("$id.result");
        if ($stored === null) {
            return null;
        }
        $message = $this->school->verified(Base64::decode($stored['message']), Base64::decode($stored['signature']));
        return ($message['photo'] ?? null) === $id ? $message : null;
    }

    private function signed(string $id): ?string
    {
        $signed = $this->said($id)['rendition'] ?? null;
        $rendition = $this->folder->read("$id.jpg");
        $holds = is_array($signed) && $rendition !== null && hash_equals((string) $signed['sha256'], hash('sha256', $rendition));
        return $holds ? $rendition : null;
    }

    /** @throws Refusal */
    private static function id(mixed $id): string
    {
        if (!is_string($id) || !preg_match('/^[A-Za-z0-9_-]{8,64}$/D', $id) || str_starts_with($id, 'of-')) {
            throw new Refusal(404, 'fotopoort_unknown_photo');
        }
        return $id;
    }
}
