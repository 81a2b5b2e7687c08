<?php

declare(strict_types=1);

namespace Fotopoort;

use Fotopoort\Admin\Library;
use Fotopoort\Admin\SettingsPage;
use Fotopoort\Admin\SiteHealth;
use Fotopoort\Doors\Attachments;
use Fotopoort\Doors\Backlog;
use Fotopoort\Doors\Cli;
use Fotopoort\Doors\Posts;
use Fotopoort\Doors\Refusals;
use Fotopoort\Doors\Schedule;
use Fotopoort\Doors\Uploads;
use Fotopoort\Doors\Webhook;
use Fotopoort\Gate\DirectTransport;
use Fotopoort\Gate\Transport;
use Fotopoort\Photos\Editors;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Hold;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Placement;
use Fotopoort\Photos\Screening;
use Fotopoort\Pull\Website;

/**
 * Builds the parts once and hangs them on WordPress's hooks.
 */
final class Plugin
{
    /** Of the REST routes. */
    public const NAMESPACE = 'fotopoort/v1';

    private static ?self $instance = null;

    public readonly Settings $settings;
    public readonly Website $website;
    public readonly Transport $transport;
    public readonly Ledger $ledger;
    public readonly Hold $hold;
    public readonly Files $files;
    public readonly Screening $screening;
    public readonly Refusals $refusals;
    public readonly Placement $placement;
    public readonly Attachments $attachments;
    public readonly Schedule $schedule;
    public readonly Backlog $backlog;

    private function __construct()
    {
        $this->settings = new Settings();
        $this->website = new Website($this->settings);
        $this->transport = $this->settings->isPaired() ? $this->website->transport() : new DirectTransport($this->settings);
        $this->ledger = new Ledger();
        $this->hold = new Hold();
        $this->files = new Files($this->ledger);
        $this->screening = new Screening($this->settings, $this->transport, $this->ledger, $this->hold);
        $this->refusals = new Refusals();
        $this->placement = new Placement($this->ledger, $this->hold, $this->files, $this->screening);
        $this->attachments = new Attachments($this->ledger, $this->hold, $this->files, $this->screening, $this->placement, $this->settings);
        $this->backlog = new Backlog($this->transport, $this->ledger, $this->files, $this->attachments);
        $this->schedule = new Schedule($this->transport, $this->ledger, $this->files, $this->placement, $this->backlog);
    }

    public static function get(): self
    {
        return self::$instance ??= new self();
    }

    public static function start(): void
    {
        $plugin = self::get();
        Installation::register();
        Editors::register();
        $plugin->refusals->register();
        (new Uploads($plugin->screening, $plugin->ledger, $plugin->settings, $plugin->refusals))->register();
        $plugin->attachments->register();
        (new Posts($plugin->settings, $plugin->transport, $plugin->ledger))->register();
        $webhook = new Webhook($plugin->settings, $plugin->ledger, $plugin->placement, $plugin->schedule);
        $webhook->register();
        $plugin->website->register($webhook->act(...));
        $plugin->schedule->register();
        $plugin->backlog->register();
        (new Library($plugin->ledger, $plugin->schedule))->register();
        (new SettingsPage($plugin->settings, $plugin->backlog))->register();
        (new SiteHealth($plugin->settings, $plugin->transport, $plugin->hold, $plugin->files))->register();
        Cli::register($plugin->backlog, $plugin->schedule, $plugin->ledger);
    }
}
