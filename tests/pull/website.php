<?php

/**
 * The plugin's side of pull mode on PHP's own server, without WordPress: the school's routes, and what an editor does.
 */

declare(strict_types=1);

use Fotopoort\Gate\Submission;
use Fotopoort\Pull\Folder;
use Fotopoort\Pull\PullTransport;
use Fotopoort\Pull\Queue;
use Fotopoort\Pull\Refusal;
use Fotopoort\Pull\Routes;
use Fotopoort\Pull\School;

require __DIR__ . '/../../integrations/wordpress/fotopoort/src/autoload.php';

function determine_locale(): string
{
    return (string) ($_POST['locale'] ?? 'nl_NL');
}

$folder = new Folder((string) getenv('QUEUE'));
$school = new School($folder);
$queue = new Queue($folder, $school);
$transport = new PullTransport($school, $queue, 'website', (int) ($_GET['deadline'] ?? 0));
$told = static function (string $type, array $data): void {
    file_put_contents(getenv('QUEUE') . '/../told', json_encode([$type, $data]) . "\n", FILE_APPEND);
};
$name = basename((string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH));
try {
    $answer = match ($name) {
        'code' => ['code' => $school->code((string) $_POST['address']), 'pairing' => $school->pairing()],
        'submit' => $transport->submit(new Submission(
            isset($_FILES['photo']) ? (string) file_get_contents($_FILES['photo']['tmp_name']) : null,
            'semdevries.jpg',
            (string) ($_POST['text'] ?? ''),
            ['groep 5'],
            'article-1',
        )),
        'verdict' => $transport->verdict((string) $_POST['sha256']),
        'rendition' => (string) $transport->rendition($transport->verdict((string) $_POST['sha256'])),
        default => (new Routes($school, $queue, $told, 1))->answer(
            $name,
            $_POST,
            isset($_FILES['rendition']) ? (string) file_get_contents($_FILES['rendition']['tmp_name']) : null,
        ),
    };
} catch (Refusal $refusal) {
    http_response_code($refusal->status);
    $answer = ['code' => $refusal->reason];
} catch (\Fotopoort\Gate\Refused | \Fotopoort\Gate\Unavailable $error) {
    http_response_code(418);
    $answer = ['code' => $error::class, 'message' => $error->getMessage()];
}
if (!is_string($answer)) {
    header('Content-Type: application/json');
    $answer = json_encode($answer);
}
echo $answer;
