import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { AppUpdater, UpdateInfo } from 'electron-updater';
import type { UpdateProblem } from '../../shared/bridge/update.ts';
import { UpdateError } from './app-updates.ts';
import type { UpdateEngine } from './app-updates.ts';

/** electron-updater is loaded when it is first asked for something: most starts never do. */
export function electronUpdateEngine(): UpdateEngine {
  let loading: Promise<AppUpdater> | null = null;
  let loaded: AppUpdater | null = null;
  const updater = async (): Promise<AppUpdater> => {
    loading ??= loadUpdater();
    loaded = await loading;
    return loaded;
  };
  return {
    isActive,
    check: async (feed) => {
      try {
        const engine = await updater();
        // Our server answers one range at a time.
        engine.setFeedURL({ provider: 'generic', url: feed, useMultipleRangeRequest: false });
        const found = await engine.checkForUpdates();
        if (found === null || !found.isUpdateAvailable) return null;
        return { version: found.updateInfo.version, notes: notesOf(found.updateInfo) };
      } catch (error) {
        throw new UpdateError(problemOf(error), error);
      }
    },
    fetch: async (onPercent) => {
      const engine = await updater();
      const listen = ({ percent }: { readonly percent: number }): void => onPercent(percent);
      engine.on('download-progress', listen);
      try {
        await engine.downloadUpdate();
      } catch (error) {
        throw new UpdateError(problemOf(error), error);
      } finally {
        engine.off('download-progress', listen);
      }
    },
    install: () => {
      // The new version must not be taken for a second start of this one.
      app.releaseSingleInstanceLock();
      loaded?.quitAndInstall(true, true);
    },
  };
}

/**
 * Packed with an address for updates, and of a kind that can replace itself: on Linux an AppImage, or a .deb (which asks for the
 * admin's password).
 */
function isActive(): boolean {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return false;
  if (process.platform !== 'linux') return true;
  const hasAppImage = (process.env['APPIMAGE'] ?? '') !== '';
  return hasAppImage || existsSync(join(process.resourcesPath, 'package-type'));
}

async function loadUpdater(): Promise<AppUpdater> {
  const { autoUpdater } = (await import('electron-updater')).default;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.logger = null;
  // Whoever asked is told by a rejected promise; without a listener the event would end the app.
  autoUpdater.on('error', () => undefined);
  return autoUpdater;
}

function notesOf({ releaseNotes }: UpdateInfo): string {
  if (typeof releaseNotes === 'string') return releaseNotes;
  return (releaseNotes ?? []).map(({ version, note }) => `${version}\n${note ?? ''}`).join('\n\n');
}

/** electron-updater names its errors by codes, Chromium its own by words. */
function problemOf(error: unknown): UpdateProblem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : String(error);
  if (/CHECKSUM_MISMATCH|INVALID_SIGNATURE|NO_CHECKSUM/.test(code)) return 'tampered';
  if (/sha512 checksum mismatch|not signed by the application owner/.test(text)) return 'tampered';
  if (/CHANNEL_FILE_NOT_FOUND|HTTP_ERROR_404/.test(code)) return 'no-feed';
  if (/ERR_CERT_/.test(text)) return 'certificate';
  if (/net::ERR_|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ECONNRESET/.test(`${code} ${text}`)) {
    return 'offline';
  }
  return 'other';
}
