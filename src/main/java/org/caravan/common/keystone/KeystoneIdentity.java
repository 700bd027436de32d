package org.caravan.common.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravan.common.keystone.KeystoneException.Cause;

/** Keystone v3 over HTTP. */
final class KeystoneIdentity implements Identity {
    /** Longest list of projects: one takes about 350 bytes. */
    private static final int MAX_LIST_BYTES = 1 << 26;

    private final KeystoneSettings settings;
    private final KeystoneHttp http;
    private final ServiceToken own;

    KeystoneIdentity(KeystoneSettings settings, KeystoneHttp http, ServiceToken own) {
        this.settings = settings;
        this.http = http;
        this.own = own;
    }

    @Override
    public Optional<Project> create(String name, String domain, String description, List<String> tags)
            throws KeystoneException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode project = body.putObject("project");
        project.put("name", name).put("domain_id", domain).put("description", description);
        project.put("enabled", true);
        tags.forEach(project.putArray("tags")::add);
        HttpResponse<byte[]> answer = send("POST", "/projects", body);
        if (answer.statusCode() == 409) {
            return Optional.empty();
        }
        expect(answer, 201, "make project " + name);
        return Optional.of(read(KeystoneToken.json(answer.body()).path("project")));
    }

    @Override
    public Optional<Project> find(String name, String domain) throws KeystoneException {
        HttpResponse<byte[]> answer = send("GET", "/projects?name=" + in(name) + "&domain_id=" + in(domain), null);
        expect(answer, 200, "look for project " + name);
        for (JsonNode node : KeystoneToken.json(answer.body()).path("projects")) {
            Project project = read(node);
            // a filter that a server ignores, or takes without regard to case, must not answer another project
            if (project.name().equals(name) && project.domain().equals(domain)) {
                return Optional.of(project);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Project> project(String id) throws KeystoneException {
        HttpResponse<byte[]> answer = send("GET", "/projects/" + in(id), null);
        if (answer.statusCode() == 404) {
            return Optional.empty();
        }
        expect(answer, 200, "read project " + id);
        return Optional.of(read(KeystoneToken.json(answer.body()).path("project")));
    }

    @Override
    public List<Project> projects() throws KeystoneException {
        HttpResponse<byte[]> answer = send("GET", "/projects?is_domain=false", null);
        expect(answer, 200, "list projects");
        List<Project> projects = new ArrayList<>();
        for (JsonNode node : KeystoneToken.json(answer.body()).path("projects")) {
            if (!node.path("is_domain").asBoolean(false)) {
                projects.add(read(node));
            }
        }
        return projects;
    }

    @Override
    public void disable(String project) throws KeystoneException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("project").put("enabled", false);
        HttpResponse<byte[]> answer = send("PATCH", "/projects/" + in(project), body);
        if (answer.statusCode() != 404) {
            expect(answer, 200, "disable project " + project);
        }
    }

    @Override
    public Optional<String> role(String name) throws KeystoneException {
        HttpResponse<byte[]> answer = send("GET", "/roles?name=" + in(name), null);
        expect(answer, 200, "look for role " + name);
        for (JsonNode node : KeystoneToken.json(answer.body()).path("roles")) {
            if (node.path("name").asText("").equals(name)) {
                return Optional.of(node.path("id").asText());
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean hasRole(String project, String user, String role) throws KeystoneException {
        HttpResponse<byte[]> answer = send("HEAD", path(project, user, role), null);
        if (answer.statusCode() == 404) {
            return false;
        }
        expect(answer, 204, "ask for a role of user " + user + " on project " + project);
        return true;
    }

    @Override
    public void grant(String project, String user, String role) throws KeystoneException {
        expect(
                send("PUT", path(project, user, role), null),
                204,
                "give user " + user + " a role on project " + project + ": there is no such user, role or project");
    }

    @Override
    public void revoke(String project, String user, String role) throws KeystoneException {
        HttpResponse<byte[]> answer = send("DELETE", path(project, user, role), null);
        if (answer.statusCode() != 404) {
            expect(answer, 204, "take a role of user " + user + " on project " + project);
        }
    }

    private static String path(String project, String user, String role) {
        return "/projects/" + in(project) + "/users/" + in(user) + "/roles/" + in(role);
    }

    /** Sends a request, and once more with a new token where the one that is there is not taken any more. */
    private HttpResponse<byte[]> send(String method, String path, ObjectNode body) throws KeystoneException {
        String mine = own.get(null);
        HttpResponse<byte[]> answer = http.send(request(mine, method, path, body), MAX_LIST_BYTES);
        return answer.statusCode() == 401
                ? http.send(request(own.get(mine), method, path, body), MAX_LIST_BYTES)
                : answer;
    }

    private HttpRequest request(String token, String method, String path, ObjectNode body) {
        return HttpRequest.newBuilder(URI.create(settings.url() + path))
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("X-Auth-Token", token)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                .build();
    }

    private void expect(HttpResponse<byte[]> answer, int status, String what) throws KeystoneException {
        if (answer.statusCode() == status) {
            return;
        }
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new KeystoneException(
                    Cause.REFUSED,
                    "Keystone at " + settings.url() + " does not let " + settings.login() + " " + what + " (status "
                            + answer.statusCode() + "); give it a role that may, such as admin",
                    null);
        }
        throw new KeystoneException(
                answer.statusCode() < 300 ? Cause.STRANGE : Cause.REJECTED,
                "Keystone at " + settings.url() + " answers " + answer.statusCode() + " when asked to " + what,
                null);
    }

    private static Project read(JsonNode node) {
        List<String> tags = new ArrayList<>();
        node.path("tags").forEach(tag -> tags.add(tag.asText()));
        return new Project(
                node.path("id").asText(),
                node.path("name").asText(),
                node.path("domain_id").asText(),
                node.path("enabled").asBoolean(true),
                tags);
    }

    private static String in(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
