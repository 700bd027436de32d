package org.caravan.common.keystone;

import java.util.List;
import java.util.Optional;

/**
 * Projects and roles at Keystone. Every operation may be repeated: done again it changes nothing more. Each throws {@link
 * KeystoneException}: away (try again), refused (the hub's own user), rejected (asking again changes nothing). Safe for many
 * threads.
 */
public interface Identity {
    /**
     * A project.
     *
     * @param tags as they were given when it was made
     */
    record Project(String id, String name, String domain, boolean enabled, List<String> tags) {
        public Project {
            tags = List.copyOf(tags);
        }
    }

    /**
     * Makes an enabled project.
     *
     * @param domain id of its domain
     * @return empty if the domain has one of this name
     */
    Optional<Project> create(String name, String domain, String description, List<String> tags)
            throws KeystoneException;

    /** The project with just this name in a domain. */
    Optional<Project> find(String name, String domain) throws KeystoneException;

    /** The project with an id; empty if there is none. */
    Optional<Project> project(String id) throws KeystoneException;

    /** All projects that are no domains. */
    List<Project> projects() throws KeystoneException;

    /** Disables a project; one that is gone counts as disabled. */
    void disable(String project) throws KeystoneException;

    /** Id of the role with this name; empty if there is none. */
    Optional<String> role(String name) throws KeystoneException;

    /** True if a user has a role on a project by a grant of its own. */
    boolean hasRole(String project, String user, String role) throws KeystoneException;

    void grant(String project, String user, String role) throws KeystoneException;

    /** Takes a role back; one that is not there counts as taken back. */
    void revoke(String project, String user, String role) throws KeystoneException;
}
