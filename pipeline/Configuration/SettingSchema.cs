using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Pipeline.Cli.Configuration;

/// <summary>What a setting may hold.</summary>
internal enum SettingShape
{
    /// <summary>One value: text, number, true or false, a choice, a time.</summary>
    Scalar,

    /// <summary>Keys that the program knows: an option record.</summary>
    Section,

    /// <summary>Keys that the user chooses, such as camera names.</summary>
    Map,

    /// <summary>Values in order.</summary>
    List,
}

/// <summary>The settings tree, read from option records by reflection: the one place that knows how a property is written in YAML.</summary>
internal sealed class SettingSchema
{
    private static readonly ConcurrentDictionary<Type, SettingSchema> Known = new();

    private SettingSchema(Type type, string key, PropertyInfo? property)
    {
        Key = key;
        Property = property;
        Type = Nullable.GetUnderlyingType(type) ?? type;
        IsNullable = Type != type || (property is not null && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);
        if (IsScalar(Type))
        {
            Shape = SettingShape.Scalar;
        }
        else if (GenericArgument(Type, typeof(IReadOnlyDictionary<,>), 1) is { } value)
        {
            (Shape, Element) = (SettingShape.Map, new SettingSchema(value, "*", null));
        }
        else if (GenericArgument(Type, typeof(IReadOnlyList<>), 0) is { } item)
        {
            (Shape, Element) = (SettingShape.List, new SettingSchema(item, "*", null));
        }
        else if (Type is { IsClass: true, IsAbstract: false } && Type.GetConstructor(Type.EmptyTypes) is not null)
        {
            Shape = SettingShape.Section;
            Children = [.. Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(Of)];
        }
        else
        {
            throw new NotSupportedException($"{property?.DeclaringType?.Name}.{property?.Name}: settings cannot be of type {type}.");
        }
    }

    /// <summary>How the key is written; <c>*</c> for what a map or list holds.</summary>
    public string Key { get; }

    /// <summary>The property; null for the root and for what a map or list holds.</summary>
    public PropertyInfo? Property { get; }

    /// <summary>Its type, without <c>?</c>.</summary>
    public Type Type { get; }

    /// <summary>True when <c>null</c> is a value.</summary>
    public bool IsNullable { get; }

    /// <summary>What it may hold.</summary>
    public SettingShape Shape { get; }

    /// <summary>Keys of a section, in the order of declaration.</summary>
    public IReadOnlyList<SettingSchema> Children { get; } = [];

    /// <summary>What a map or list holds.</summary>
    public SettingSchema? Element { get; }

    /// <summary>True when the value is a secret by its name: never printed.</summary>
    public bool IsSecret => IsSecretKey(Key);

    /// <summary>The tree of a settings record. Read once for each type: it never changes.</summary>
    public static SettingSchema Of(Type settings) => Known.GetOrAdd(settings, type => new SettingSchema(type, "", null));

    /// <summary>Every key that can be named in advance (nothing under maps and lists), with its full path.</summary>
    public IEnumerable<(string Path, SettingSchema Schema)> Leaves(string path = "") =>
        Shape == SettingShape.Section
            ? Children.SelectMany(child => child.Leaves(KeyPath.Join(path, child.Key)))
            : [(path, this)];

    /// <summary>The schema at a path; null when no such setting can exist.</summary>
    public SettingSchema? At(IEnumerable<string> keys)
    {
        SettingSchema? schema = this;
        foreach (string key in keys)
        {
            schema = schema.Shape switch
            {
                SettingShape.Section => schema.Children.FirstOrDefault(c => c.Key == key),
                SettingShape.Map => schema.Element,
                _ => null,
            };
            if (schema is null)
            {
                break;
            }
        }

        return schema;
    }

    /// <summary><c>MaxLost</c> becomes <c>max_lost</c>, <c>IoU</c> in <c>MinIoU</c> becomes <c>min_iou</c>.</summary>
    public static string Snake(string name)
    {
        StringBuilder text = new();
        name = name.Replace("IoU", "Iou", StringComparison.Ordinal);
        for (int i = 0; i < name.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(startsWord ? "_" : "").Append(char.ToLower(name[i], CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static SettingSchema Of(PropertyInfo property)
    {
        bool isTime = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan);
        return new SettingSchema(property.PropertyType, Snake(property.Name) + (isTime ? "_ms" : ""), property);
    }

    // password_file and password_env name a place; the secret is there, not here.
    private static bool IsSecretKey(string key) =>
        (key.Contains("password", StringComparison.Ordinal) || key.Contains("secret", StringComparison.Ordinal) || key.EndsWith("token", StringComparison.Ordinal))
        && !key.EndsWith("_file", StringComparison.Ordinal) && !key.EndsWith("_env", StringComparison.Ordinal);

    private static bool IsScalar(Type type) =>
        type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(float)
        || type == typeof(double) || type == typeof(TimeSpan) || type.IsEnum;

    private static Type? GenericArgument(Type type, Type definition, int index) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition ? type.GetGenericArguments()[index] : null;
}
