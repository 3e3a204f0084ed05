package io.godwit.core.json;

import io.godwit.core.ByteCount;
import io.godwit.core.DiskName;
import io.godwit.core.ErrorCode;
import io.godwit.core.GodwitException;
import io.godwit.core.GroupName;
import io.godwit.core.MarkName;
import io.godwit.core.Position;
import io.godwit.core.SiteName;
import io.godwit.core.Term;
import io.godwit.core.VmName;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Godwit's one way to read and write JSON: unknown keys are errors, nesting and sizes are bounded, names are strings,
 * positions, terms and byte counts are numbers (a byte count may also be read from text such as "256MiB").
 */
public final class Json {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_STRING_CHARS = 4 << 20;
    private static final long MAX_DOCUMENT_CHARS = 16L << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING_CHARS)
                            .maxDocumentLength(MAX_DOCUMENT_CHARS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(vocabulary())
            .build();

    private Json() {}

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** One line, without a line end. */
    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** Indented, for people and files that people open. */
    public static String pretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /** Reads {@code what}; throws {@link ErrorCode#BAD_INPUT} with a sentence that says where it is wrong. */
    public static <T> T read(byte[] json, Class<T> type, String what) {
        return parsed(() -> MAPPER.readValue(json, type), what);
    }

    /** Reads {@code what}; throws {@link ErrorCode#BAD_INPUT} with a sentence that says where it is wrong. */
    public static <T> T read(String json, Class<T> type, String what) {
        return parsed(() -> MAPPER.readValue(json, type), what);
    }

    private interface Parse<T> {
        T get();
    }

    private static <T> T parsed(Parse<T> parse, String what) {
        try {
            T value = parse.get();
            if (value == null) {
                throw new GodwitException(ErrorCode.BAD_INPUT, what + " is empty");
            }
            return value;
        } catch (JacksonException wrong) {
            if (wrong.getCause() instanceof GodwitException refused) {
                throw new GodwitException(refused.code(), what + ": " + refused.sentence(), wrong);
            }
            if (wrong.getCause() instanceof NullPointerException) {
                throw new GodwitException(
                        ErrorCode.BAD_INPUT,
                        "%s%s lacks a key that must be there, or has null for it".formatted(what, at(wrong)),
                        wrong);
            }
            throw new GodwitException(ErrorCode.BAD_INPUT, sentence(what, wrong), wrong);
        }
    }

    private static String sentence(String what, JacksonException wrong) {
        if (wrong instanceof UnrecognizedPropertyException unknown) {
            return "%s has a key '%s' that means nothing here".formatted(what, path(unknown));
        }
        if (wrong instanceof InputCoercionException) {
            return "%s%s is a number that has no room there".formatted(what, at(wrong));
        }
        if (wrong instanceof InvalidTypeIdException) {
            return "%s does not say of what kind it is, or of one that is not known here".formatted(what);
        }
        if (wrong instanceof MismatchedInputException mismatch
                && (!mismatch.getPath().isEmpty() || mismatch.getTargetType() != null)) {
            return "%s%s %s".formatted(what, at(mismatch), complaint(mismatch));
        }
        return "%s is not JSON as it should be%s: %s".formatted(what, place(wrong), wrong.getOriginalMessage());
    }

    private static String at(JacksonException wrong) {
        String path = path(wrong);
        return path.isEmpty() ? "" : ": " + path;
    }

    private static String place(JacksonException wrong) {
        return wrong.getLocation() == null || wrong.getLocation().getLineNr() < 1
                ? ""
                : " at line %d, column %d"
                        .formatted(
                                wrong.getLocation().getLineNr(),
                                wrong.getLocation().getColumnNr());
    }

    /** Such as {@code vms[0].memory}. */
    private static String path(JacksonException wrong) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : wrong.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    private static String complaint(MismatchedInputException mismatch) {
        Class<?> wanted = mismatch.getTargetType();
        String found = mismatch instanceof InvalidFormatException format
                ? "is '%s'".formatted(format.getValue())
                : "is of another kind";
        if (wanted == null) {
            return "is not as expected" + place(mismatch);
        }
        if (wanted.isEnum()) {
            return "%s, but can only be %s"
                    .formatted(
                            found,
                            Arrays.stream(wanted.getEnumConstants())
                                    .map(constant -> MAPPER.convertValue(constant, String.class))
                                    .collect(Collectors.joining(", ")));
        }
        return "%s, where %s is expected".formatted(found, kind(wanted));
    }

    private static String kind(Class<?> wanted) {
        boolean number = (wanted.isPrimitive() && wanted != boolean.class) || Number.class.isAssignableFrom(wanted);
        if (number) {
            return wanted == double.class || wanted == Double.class ? "a number" : "a whole number";
        }
        if (wanted == boolean.class || wanted == Boolean.class) {
            return "true or false";
        }
        if (wanted == String.class) {
            return "text in quotes";
        }
        return Collection.class.isAssignableFrom(wanted) ? "a list in [ ]" : "an object in { }";
    }

    private static SimpleModule vocabulary() {
        SimpleModule module = new SimpleModule("godwit");
        text(module, SiteName.class, SiteName::new);
        text(module, GroupName.class, GroupName::new);
        text(module, VmName.class, VmName::new);
        text(module, DiskName.class, DiskName::new);
        text(module, MarkName.class, MarkName::new);
        number(module, Position.class, Position::value, Position::new, text -> new Position(Long.parseLong(text)));
        number(module, Term.class, Term::value, Term::new, text -> new Term(Long.parseLong(text)));
        number(module, ByteCount.class, ByteCount::bytes, ByteCount::new, ByteCount::parse);
        return module;
    }

    private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, new ValueSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeString(value.toString());
            }
        });
        module.addDeserializer(type, new ValueDeserializer<T>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                return parse.apply(String.valueOf(in.getValueAsString()));
            }
        });
        module.addKeySerializer(type, new ValueSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeName(value.toString());
            }
        });
    }

    private static <T> void number(
            SimpleModule module,
            Class<T> type,
            ToLongFunction<T> value,
            LongFunction<T> make,
            Function<String, T> parse) {
        module.addSerializer(type, new ValueSerializer<T>() {
            @Override
            public void serialize(T amount, JsonGenerator out, SerializationContext context) {
                out.writeNumber(value.applyAsLong(amount));
            }
        });
        module.addDeserializer(type, new ValueDeserializer<T>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                return in.currentToken() == JsonToken.VALUE_STRING
                        ? parse.apply(in.getString())
                        : make.apply(in.getLongValue());
            }
        });
    }
}
