<?php

declare(strict_types=1);

namespace Fotopoort;

use Fotopoort\Photos\Kind;
use Fotopoort\Pull\Routes;

/**
 * What the administrator chose. The key may be kept out of the database: define('FOTOPOORT_KEY', '…') in wp-config.php.
 */
final class Settings
{
    public const OPTION = 'fotopoort';
    public const PAIRED = 'fotopoort_paired';   // the id of a pairing, where the school fetches photos

    /** Seconds that Fotopoort may take while somebody waits in the editor. */
    public const DEADLINE = 15;

    private const DEFAULTS = [
        'address' => '',
        'key' => '',
        'channel' => 'website',
        'webhook_key' => '',
        'kinds' => [],
        'groups' => [],
    ];

    public function address(): string
    {
        return untrailingslashit((string) (defined('FOTOPOORT_ADDRESS') ? constant('FOTOPOORT_ADDRESS') : $this->all()['address']));
    }

    public function key(): string
    {
        return (string) (defined('FOTOPOORT_KEY') ? constant('FOTOPOORT_KEY') : $this->all()['key']);
    }

    public function channel(): string
    {
        return (string) $this->all()['channel'];
    }

    /** The public key (whpk_…) that Fotopoort's messages are signed with; '' where none is set. */
    public function webhookKey(): string
    {
        return (string) $this->all()['webhook_key'];
    }

    public function isComplete(): bool
    {
        return $this->isPaired() || ($this->address() !== '' && $this->key() !== '');
    }

    /** Whether the school fetches photos, because it cannot be reached from here. */
    public function isPaired(): bool
    {
        return $this->address() === '' && (string) get_option(self::PAIRED, '') !== '';
    }

    /** Seconds for which a poll of the school may keep a process of PHP: define('FOTOPOORT_PULL_WAIT', 0) where there are few. */
    public function pullWait(): int
    {
        $chosen = defined('FOTOPOORT_PULL_WAIT') ? (int) constant('FOTOPOORT_PULL_WAIT') : Routes::MAX_WAIT;
        return max(0, min(Routes::MAX_WAIT, $chosen));
    }

    /** When the school last asked for photos; 0: never. */
    public function polledAt(): int
    {
        return (int) get_option(Routes::POLLED, 0);
    }

    /** Whether files of a kind that no photo is may be placed without being looked at. */
    public function allows(Kind $kind): bool
    {
        return in_array($kind->value, (array) $this->all()['kinds'], true);
    }

    /**
     * The groups whose children can be in what this author puts in these categories; none: the office answers.
     *
     * @param int[] $categories ids
     * @return string[] names of groups, sorted
     */
    public function groups(array $categories, int $author): array
    {
        $table = (array) $this->all()['groups'];
        $names = array_map(static fn(int $id): string => (string) ($table["category:$id"] ?? ''), $categories);
        if (array_filter($names) === []) {
            $names = [(string) ($table["author:$author"] ?? '')];
        }
        $groups = [];
        foreach ($names as $row) {
            array_push($groups, ...array_filter(array_map('trim', explode(',', $row))));
        }
        $groups = array_values(array_unique($groups));
        sort($groups);
        return $groups;
    }

    /** @return array<string, mixed> */
    public function all(): array
    {
        return array_merge(self::DEFAULTS, (array) get_option(self::OPTION, []));
    }
}
