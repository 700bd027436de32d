package org.caravan.hub.check.security;

import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The jars that this process runs with, those of {@code lib/} among them, by the names that Maven gave them. */
final class Shipped {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.+-]*)[.]jar");

    private Shipped() {}

    /** A jar. */
    record Artifact(String name, String version) {}

    /** Those of a class path, and how many jars there have no version in their name. */
    record Found(Collection<Artifact> artifacts, List<String> unknown) {}

    static Found of(String classPath) {
        Map<String, Artifact> artifacts = new TreeMap<>();
        List<String> unknown = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            String file = entry.substring(entry.lastIndexOf(File.separatorChar) + 1);
            Matcher jar = JAR.matcher(file);
            if (jar.matches()) {
                artifacts.put(file, new Artifact(jar.group(1), jar.group(2)));
            } else if (file.endsWith(".jar")) {
                unknown.add(file);
            }
        }
        return new Found(List.copyOf(artifacts.values()), unknown);
    }

    static Found ofThisProcess() {
        return of(System.getProperty("java.class.path", ""));
    }
}
