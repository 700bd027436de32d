package org.caravan.subscription.provision;

import java.util.List;
import java.util.Optional;
import org.caravan.common.keystone.Identity;
import org.caravan.common.keystone.KeystoneException;

/** Keystone as it is, for a hub that is killed at one of its calls: before it is made, or when it was just answered. */
final class Killing implements Identity {
    /** The end of the hub; nothing of it runs any more. */
    static final class Killed extends Error {}

    private final Identity real;
    private final int at;
    private final boolean before;
    private int calls;

    Killing(Identity real, int at, boolean before) {
        this.real = real;
        this.at = at;
        this.before = before;
    }

    private interface Call<T> {
        T make() throws KeystoneException;
    }

    private <T> T call(Call<T> call) throws KeystoneException {
        calls++;
        if (calls == at && before) {
            throw new Killed();
        }
        T answer = call.make();
        if (calls == at) {
            throw new Killed();
        }
        return answer;
    }

    @Override
    public Optional<Project> create(String name, String domain, String description, List<String> tags)
            throws KeystoneException {
        return call(() -> real.create(name, domain, description, tags));
    }

    @Override
    public Optional<Project> find(String name, String domain) throws KeystoneException {
        return call(() -> real.find(name, domain));
    }

    @Override
    public Optional<Project> project(String id) throws KeystoneException {
        return call(() -> real.project(id));
    }

    @Override
    public List<Project> projects() throws KeystoneException {
        return call(real::projects);
    }

    @Override
    public void disable(String project) throws KeystoneException {
        call(() -> {
            real.disable(project);
            return null;
        });
    }

    @Override
    public Optional<String> role(String name) throws KeystoneException {
        return call(() -> real.role(name));
    }

    @Override
    public boolean hasRole(String project, String user, String role) throws KeystoneException {
        return call(() -> real.hasRole(project, user, role));
    }

    @Override
    public void grant(String project, String user, String role) throws KeystoneException {
        call(() -> {
            real.grant(project, user, role);
            return null;
        });
    }

    @Override
    public void revoke(String project, String user, String role) throws KeystoneException {
        call(() -> {
            real.revoke(project, user, role);
            return null;
        });
    }
}
