<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

use Fotopoort\Gate\Answer;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Submission;
use Fotopoort\Gate\Transport;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Texts;

/**
 * Fotopoort cannot be reached from this site: photos are put in a queue, sealed, and the school fetches them.
 */
final class PullTransport implements Transport
{
    private const PAUSE = 250_000;   // microseconds between two looks whether there is an answer
    private const RETRY_AFTER = 5;

    public function __construct(
        private readonly School $school,
        private readonly Queue $queue,
        private readonly string $channel,
        private readonly int $deadline,
    ) {
    }

    public function submit(Submission $submission): Answer
    {
        if ($this->school->pairing() === null) {
            throw new Unavailable('settings');
        }
        $groups = $submission->groups;
        sort($groups);
        $header = array_filter([
            'channel' => $this->channel,
            'text' => $submission->text,
            'file_name' => $submission->fileName,
            'group' => $groups,
            'reference' => $submission->reference,
        ]);
        try {
            $id = $this->queue->add($submission->photo, $header);
            $until = microtime(true) + $this->deadline;
            while (($answer = $this->answer($id))->outcome === null && microtime(true) < $until) {
                usleep(self::PAUSE);
                clearstatcache();
            }
        } catch (Refusal) {
            throw new Unavailable();
        }
        return $answer;
    }

    public function verdict(string $sha256): ?Answer
    {
        $id = $this->queue->find($sha256);
        return $id === null ? null : $this->answer($id, $sha256);
    }

    public function rendition(Answer $answer): ?string
    {
        $rendition = $this->queue->rendition($answer->id);
        $expected = $answer->rendition['sha256'] ?? '';
        return $rendition !== null && hash_equals($expected, hash('sha256', $rendition)) ? $rendition : null;
    }

    /** What the school said of a photo, and whether what is asked about holds. */
    private function answer(string $id, ?string $asked = null): Answer
    {
        $result = $this->queue->result($id);
        if ($result === null) {
            // As long as it is looked at once more, what was made of it before may stay.
            $holds = $asked !== null && $asked === $this->queue->shown($id);
            $document = ['id' => $id, 'status' => 'pending', 'holds' => $holds, 'read' => false];
            return Answer::fromDocument($document, self::RETRY_AFTER);
        }
        $document = ['id' => $id] + $result['verdict'];
        $isOfPhoto = $asked === null || $asked === $result['sha256'];
        if (isset($document['error']) && $isOfPhoto) {   // else of what is shown, which does not hold then
            throw new Refused((string) ($document['error']['code'] ?? ''), (string) ($document['message'][Texts::language()] ?? ''));
        }
        $shown = $this->queue->shown($id);
        $isAsked = $isOfPhoto || $asked === $shown;
        $hasRendition = ($document['rendition'] ?? null) === null || $shown !== null;
        $document['holds'] = ($document['holds'] ?? false) === true && $isAsked && $hasRendition;
        return Answer::fromDocument($document);
    }
}
