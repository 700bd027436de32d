package org.caravan.hub.backup;

/** Told how far a backup or a restore is. */
public interface BackupListener {
    /** @param name what is being done now, for people */
    void step(String name);
}
