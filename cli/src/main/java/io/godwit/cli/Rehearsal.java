package io.godwit.cli;

import java.io.File;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import javax.net.ssl.SSLContext;

/**
 * Loads every class of the class path once, without running any: when the launcher has built, it has the JVM keep what was
 * loaded here in an archive (JEP 350), parsed and verified, so that the daemon and the commands start faster.
 */
public final class Rehearsal {
    /** Classes of signed jars are never kept in the archive. */
    private static final List<String> LEFT_OUT = List.of("META-INF/", "org/bouncycastle/", "module-info");

    private Rehearsal() {}

    public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            loadClassesOf(jar);
        }
        SSLContext.getDefault();
    }

    private static void loadClassesOf(String path) throws IOException {
        try (JarFile jar = new JarFile(path)) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && LEFT_OUT.stream().noneMatch(name::startsWith))
                    .forEach(Rehearsal::load);
        }
    }

    private static void load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            Class.forName(name, false, Rehearsal.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError needsAbsentLibrary) {
            // An optional part of a library whose own dependency is not installed: nobody will start it here either.
            System.err.println(name + ": " + needsAbsentLibrary.getMessage());
        }
    }
}
