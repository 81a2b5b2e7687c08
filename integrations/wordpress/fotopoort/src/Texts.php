<?php

declare(strict_types=1);

namespace Fotopoort;

/**
 * All that people read, in Dutch and English. Dutch for whoever reads WordPress in Dutch, English for everybody else.
 */
final class Texts
{
    private const CATALOGUE = [
        // What becomes of a photo or text
        'waiting' => ['Fotopoort kijkt nog naar deze foto. Ze verschijnt hier vanzelf zodra dat mag.',
            'Fotopoort is still looking at this photo. It appears here by itself as soon as it may.'],
        'reject' => ['Deze foto mag hier niet geplaatst worden.', 'This photo may not be placed here.'],
        'text' => ['Deze tekst mag zo niet geplaatst worden.', 'This text may not be placed as it is.'],
        'revoked' => ['Deze foto mag niet meer te zien zijn en is van de site gehaald.',
            'This photo may not be seen any more and was taken off the site.'],
        'away' => ['Fotopoort is niet bereikbaar. Daarom wordt deze foto niet geplaatst. Probeer het later opnieuw.',
            'Fotopoort cannot be reached, so this photo is not placed. Try again later.'],
        'away_found' => ['Fotopoort is niet bereikbaar. Deze foto wordt vanzelf opnieuw bekeken.',
            'Fotopoort cannot be reached. It looks at this photo again by itself.'],
        'away_text' => ['Fotopoort is niet bereikbaar. Daarom wordt dit niet geplaatst. Probeer het later opnieuw.',
            'Fotopoort cannot be reached, so this is not published. Try again later.'],
        'key' => ['Fotopoort neemt de sleutel van deze site niet aan. Vraag de beheerder van de site om hulp.',
            'Fotopoort does not accept this site’s key. Ask whoever looks after the site for help.'],
        'settings' => ['Fotopoort is nog niet ingesteld. Daarom wordt er niets geplaatst. Vraag de beheerder van de site om hulp.',
            'Fotopoort is not set up yet, so nothing is placed. Ask whoever looks after the site for help.'],
        'no_hold' => ['Deze foto moet wachten, maar kan hier nergens veilig bewaard worden. Vraag de beheerder van de site om hulp.',
            'This photo must wait, but cannot be kept safely here. Ask whoever looks after the site for help.'],
        'no_temp' => ['Deze foto kan zo niet veilig binnenkomen. Voeg haar toe in de mediabibliotheek.',
            'This photo cannot come in safely this way. Add it in the media library.'],
        'unseen' => ['Fotopoort heeft deze foto niet goedgekeurd. Daarom kan ze hier niet bewerkt worden.',
            'Fotopoort has not approved this photo, so it cannot be edited here.'],
        'no_place' => ['Deze foto mag geplaatst worden, maar de site kan niet in de map schrijven. Vraag de beheerder om hulp.',
            'This photo may be placed, but the site cannot write in its folder. Ask whoever looks after the site for help.'],
        'ledger' => ['Deze site kan niet bijhouden welke foto’s mogen. Daarom wordt deze foto niet geplaatst. '
            . 'Vraag de beheerder van de site om hulp.',
            'This site cannot note which photos may be placed, so this one is not. Ask whoever looks after the site for help.'],
        'lost' => ['Deze foto is er niet meer. Voeg haar opnieuw toe.', 'This photo is gone. Add it again.'],
        'refused' => ['Fotopoort kan dit bestand niet beoordelen: %s', 'Fotopoort cannot judge this file: %s'],
        'refused_text' => ['Fotopoort kan deze tekst niet beoordelen: %s', 'Fotopoort cannot judge this text: %s'],
        'kind_pdf' => ['Fotopoort kan geen pdf beoordelen. Daarom wordt dit bestand niet geplaatst.',
            'Fotopoort cannot judge a PDF, so this file is not placed.'],
        'kind_video' => ['Fotopoort kan geen video beoordelen. Daarom wordt dit bestand niet geplaatst.',
            'Fotopoort cannot judge a video, so this file is not placed.'],
        'kind_office' => ['Fotopoort kan geen Office-bestand beoordelen. Daarom wordt dit bestand niet geplaatst.',
            'Fotopoort cannot judge an Office file, so this file is not placed.'],
        'kind_other' => ['Fotopoort kan dit soort bestand niet beoordelen. Daarom wordt het niet geplaatst.',
            'Fotopoort cannot judge this kind of file, so it is not placed.'],

        // The media library
        'state_cleared' => ['Mag geplaatst worden', 'May be placed'],
        'state_waiting' => ['Wacht', 'Waits'],
        'state_away' => ['Wacht op Fotopoort', 'Waits for Fotopoort'],
        'state_refused' => ['Niet plaatsen', 'Do not place'],
        'state_revoked' => ['Van de site gehaald', 'Taken off the site'],
        'state_none' => ['Niet bekeken', 'Not looked at'],
        'filter_all' => ['Fotopoort: alles', 'Fotopoort: all'],
        'ask_again' => ['Vraag opnieuw', 'Ask again'],
        'review' => ['Beantwoord de vragen', 'Answer the questions'],

        // The page to pair by
        'pull_title' => ['Fotopoort koppelen', 'Pair Fotopoort'],
        'pull_intro' => ['Kan deze site Fotopoort op school niet bereiken? Koppel ze dan: Fotopoort haalt foto’s hier zelf op, verzegeld.',
            'Can this site not reach Fotopoort at school? Pair them: Fotopoort fetches photos here by itself, sealed.'],
        'pull_paired' => ['Gekoppeld. `fotopoort pull list` op school laat dezelfde code zien:',
            'Paired. `fotopoort pull list` at school shows the same code:'],
        'pull_code' => ['Geef dit op school binnen een kwartier in. Het werkt één keer.',
            'Enter this at school within a quarter of an hour. It works once.'],
        'pull_make' => ['Maak een code', 'Make a code'],
        'pull_forget' => ['Ontkoppel', 'Remove the pairing'],

        // The page of settings
        'settings_title' => ['Fotopoort', 'Fotopoort'],
        'settings_intro' => ['Fotopoort kijkt naar elke foto en tekst voordat iemand ze op deze site kan zien.',
            'Fotopoort looks at each photo and text before anybody can see it on this site.'],
        'save' => ['Opslaan', 'Save'],
        'saved' => ['Opgeslagen.', 'Saved.'],
        'connection' => ['Verbinding', 'Connection'],
        'address' => ['Adres van Fotopoort', 'Address of Fotopoort'],
        'address_help' => ['Bijvoorbeeld https://fotopoort.school.nl', 'For example https://fotopoort.school.example'],
        'address_wrong' => ['Dat adres kan niet: het moet met https:// beginnen, behalve op deze computer zelf.',
            'That address cannot be used: it must begin with https://, except on this computer itself.'],
        'key_label' => ['Sleutel', 'Key'],
        'key_help' => ['De sleutel van deze site, die de beheerder van Fotopoort je geeft. Leeg laten: hij blijft wat hij is.',
            'This site’s key, which whoever looks after Fotopoort gives you. Leave empty to keep the present one.'],
        'key_constant' => ['De sleutel staat in wp-config.php (FOTOPOORT_KEY).', 'The key is in wp-config.php (FOTOPOORT_KEY).'],
        'address_constant' => ['Het adres staat in wp-config.php (FOTOPOORT_ADDRESS):',
            'The address is in wp-config.php (FOTOPOORT_ADDRESS):'],
        'key_present' => ['Er is een sleutel.', 'There is a key.'],
        'channel' => ['Kanaal', 'Channel'],
        'channel_help' => ['Hoe deze site in Fotopoort heet.', 'What this site is called in Fotopoort.'],
        'webhook' => ['Berichten van Fotopoort', 'Messages from Fotopoort'],
        'webhook_help' => ['De openbare sleutel (whpk_…) van Fotopoort. Geef de beheerder van Fotopoort dit adres voor berichten:',
            'Fotopoort’s public key (whpk_…). Give whoever looks after Fotopoort this address for messages:'],
        'kinds' => ['Bestanden die Fotopoort niet kan beoordelen', 'Files that Fotopoort cannot judge'],
        'kinds_help' => ['Wat je aanvinkt, mag zonder te kijken op de site. De rest wordt geweigerd.',
            'What you tick may go on the site unseen. The rest is refused.'],
        'allow_pdf' => ['Pdf', 'PDF'],
        'allow_video' => ['Video', 'Video'],
        'allow_office' => ['Office: Word, Excel, PowerPoint en dergelijke', 'Office: Word, Excel, PowerPoint and the like'],
        'allow_other' => ['Alle andere soorten, zoals geluid', 'All other kinds, such as sound'],
        'groups' => ['Welke groep hoort erbij?', 'Which group does it belong to?'],
        'groups_help' => ['Zo weet Fotopoort welke kinderen op een foto kunnen staan, en welke leerkracht vragen krijgt. '
            . 'Meer groepen: zet een komma ertussen. Zonder groep gaan vragen naar het kantoor.',
            'This tells Fotopoort which children can be in a photo, and which teacher is asked. '
            . 'Several groups: put a comma between them. Without a group, the office is asked.'],
        'category' => ['Categorie', 'Category'],
        'author' => ['Auteur', 'Author'],
        'group' => ['Groep', 'Group'],
        'backlog' => ['Wat er al op de site staat', 'What is on the site already'],
        'backlog_help' => ['Fotopoort kan ook kijken naar de foto’s die er al waren. Een foto die niet mag, of waarover nog een vraag is, '
            . 'gaat dan van de site. De andere worden vervangen door wat Fotopoort goedkeurt.',
            'Fotopoort can look at the photos that were here before it as well. A photo that may not be seen, or about which there is '
            . 'a question, goes off the site. The others are replaced by what Fotopoort approves.'],
        'backlog_start' => ['Bekijk alle foto’s', 'Look at all photos'],
        'backlog_stop' => ['Stop', 'Stop'],
        'backlog_left' => ['%1$d van %2$d foto’s bekeken', '%1$d of %2$d photos looked at'],
        'backlog_none' => ['%d foto’s zijn nog niet bekeken.', '%d photos have not been looked at.'],
        'backlog_done' => ['Alle foto’s zijn bekeken.', 'Every photo was looked at.'],
        'backlog_away' => ['Fotopoort is niet bereikbaar; het gaat vanzelf verder.', 'Fotopoort cannot be reached; it goes on by itself.'],

        // Site Health
        'health_good' => ['Fotopoort bewaakt de foto’s op deze site', 'Fotopoort guards the photos on this site'],
        'health_better' => ['Fotopoort kan deze site nog beter bewaken', 'Fotopoort could guard this site better'],
        'health_bad' => ['Fotopoort bewaakt deze site niet zoals het hoort', 'Fotopoort does not guard this site as it should'],
        'health_works' => ['De verbinding werkt, en foto’s komen alleen door als Fotopoort ze goedkeurt.',
            'The connection works, and photos get through only if Fotopoort approves them.'],
        'health_away' => ['Fotopoort is niet bereikbaar. Zolang dat zo is, kan niemand een foto plaatsen.',
            'Fotopoort cannot be reached. As long as that is so, nobody can place a photo.'],
        'health_silent' => ['School heeft al een uur geen foto’s opgehaald. Zolang dat zo is, wachten nieuwe foto’s.',
            'School has fetched no photos for an hour. As long as that is so, new photos wait.'],
        'health_key' => ['Fotopoort neemt de sleutel niet aan.', 'Fotopoort does not accept the key.'],
        'health_settings' => ['Het adres of de sleutel van Fotopoort is nog niet ingevuld.',
            'Fotopoort’s address or key has not been filled in.'],
        'health_webhook' => [
            'Er is geen openbare sleutel voor berichten. Een foto die weg moet, gaat dan pas weg als deze site ernaar vraagt.',
            'There is no public key for messages. A photo that must go then goes only when this site asks about it.',
        ],
        'health_hold' => ['Foto’s die wachten, staan versleuteld in een map van de site, omdat er geen andere map is.',
            'Photos that wait are kept encrypted in a folder of the site, as there is no other folder.'],
        'health_temp' => ['Tijdelijke bestanden staan in een map van de site. Stel WP_TEMP_DIR in op een map daarbuiten.',
            'Temporary files are kept in a folder of the site. Set WP_TEMP_DIR to a folder outside it.'],
        'health_cron' => ['Deze site vraagt niet op tijd of foto’s nog te zien mogen zijn: de taken van WordPress (wp-cron) lopen achter.',
            'This site does not ask in time whether photos may still be seen: WordPress’s tasks (wp-cron) are late.'],
        'health_stuck' => ['De site kan deze bestanden niet verwijderen, en ze moeten weg. Verwijder ze zelf:',
            'The site cannot delete these files, and they must go. Delete them yourself:'],
        'health_open' => ['Open de instellingen van Fotopoort', 'Open Fotopoort’s settings'],
    ];

    public static function language(): string
    {
        // Of whoever is logged in, by whatever way; WordPress itself looks at the person in its own pages alone.
        $locale = function_exists('wp_get_current_user') && is_user_logged_in() ? get_user_locale() : determine_locale();
        return str_starts_with($locale, 'nl') ? 'nl' : 'en';
    }

    public static function get(string $key): string
    {
        return self::both($key)[self::language()];
    }

    /** @return array{nl: string, en: string} */
    public static function both(string $key): array
    {
        [$nl, $en] = self::CATALOGUE[$key];
        return ['nl' => $nl, 'en' => $en];
    }

    /** @return array{nl: string, en: string} */
    public static function with(string $key, string ...$values): array
    {
        return array_map(static fn(string $text): string => vsprintf($text, $values), self::both($key));
    }
}
