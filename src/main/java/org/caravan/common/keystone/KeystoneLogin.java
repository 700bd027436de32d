package org.caravan.common.keystone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** How the hub's own user proves itself to Keystone. */
public sealed interface KeystoneLogin {
    /** The body of the request for a token. */
    ObjectNode body();

    /**
     * A user by name and password, scoped to a project.
     *
     * @param userDomain name of the domain that the user is in
     * @param projectDomain name of the domain that the project is in
     */
    record Password(String user, String userDomain, String project, String projectDomain, String password)
            implements KeystoneLogin {
        @Override
        public ObjectNode body() {
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            ObjectNode auth = root.putObject("auth");
            ObjectNode identity = auth.putObject("identity");
            identity.putArray("methods").add("password");
            ObjectNode who = identity.putObject("password").putObject("user");
            who.put("name", user).put("password", password);
            who.putObject("domain").put("name", userDomain);
            ObjectNode where = auth.putObject("scope").putObject("project");
            where.put("name", project);
            where.putObject("domain").put("name", projectDomain);
            return root;
        }

        @Override
        public String toString() {
            return "user " + user;
        }
    }

    /** An application credential, which carries its project with it. */
    record ApplicationCredential(String id, String secret) implements KeystoneLogin {
        @Override
        public ObjectNode body() {
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            ObjectNode identity = root.putObject("auth").putObject("identity");
            identity.putArray("methods").add("application_credential");
            identity.putObject("application_credential").put("id", id).put("secret", secret);
            return root;
        }

        @Override
        public String toString() {
            return "application credential " + id;
        }
    }
}
