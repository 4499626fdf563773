using System.Collections;
using System.Collections.ObjectModel;
using System.Reflection;

namespace Pipeline.Cli.Configuration;

/// <summary>Makes option records from values: every value goes over the record's own default.</summary>
internal sealed class SettingsBuilder(SettingValues values)
{
    /// <summary>Builds what belongs at a path.</summary>
    /// <param name="schema">Its schema.</param>
    /// <param name="path">The path.</param>
    /// <param name="current">The default there.</param>
    public object? Build(SettingSchema schema, string path, object? current) => schema.Shape switch
    {
        SettingShape.Section => Section(schema, path, current),
        SettingShape.Map => Map(schema, path, (IDictionary?)Copy(schema, current)),
        SettingShape.List => List(schema, path, current),
        _ => values.TryGet(path, out object? value) ? value : current,
    };

    private object? Section(SettingSchema schema, string path, object? current)
    {
        if (current is null && schema.IsNullable && !values.Any(path))
        {
            return null;
        }

        object record = current is null ? Activator.CreateInstance(schema.Type)! : Clone(current);
        foreach (SettingSchema child in schema.Children)
        {
            object? value = child.Property!.GetValue(record);
            child.Property.SetValue(record, Build(child, KeyPath.Join(path, child.Key), value));
        }

        return record;
    }

    private object? Map(SettingSchema schema, string path, IDictionary? map)
    {
        if (map is null && schema.IsNullable && values.Entries(path) is null)
        {
            return null;
        }

        Type[] types = [typeof(string), schema.Element!.Property?.PropertyType ?? schema.Type.GetGenericArguments()[1]];
        map ??= (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(types))!;
        foreach (string key in values.Entries(path) ?? [])
        {
            object? value = Build(schema.Element, KeyPath.Join(path, key), map[key]);
            map[key] = value ?? (types[1].IsValueType && Nullable.GetUnderlyingType(types[1]) is null ? Activator.CreateInstance(types[1]) : null);
        }

        return Activator.CreateInstance(typeof(ReadOnlyDictionary<,>).MakeGenericType(types), map);
    }

    private object? List(SettingSchema schema, string path, object? current)
    {
        if (values.Entries(path) is not { } places)
        {
            return current;
        }

        Type type = schema.Type.GetGenericArguments()[0];
        Array items = Array.CreateInstance(type, places.Count);
        for (int i = 0; i < places.Count; i++)
        {
            if (Build(schema.Element!, places[i], null) is { } item)
            {
                items.SetValue(item, i);
            }
        }

        return items;
    }

    private static object? Copy(SettingSchema schema, object? map)
    {
        if (map is null)
        {
            return null;
        }

        Type[] types = schema.Type.GetGenericArguments();
        IDictionary copy = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(types))!;
        foreach (object pair in (IEnumerable)map)
        {
            copy[pair.GetType().GetProperty("Key")!.GetValue(pair)!] = pair.GetType().GetProperty("Value")!.GetValue(pair);
        }

        return copy;
    }

    // A record's compiler-made copy method; a plain class has none and is made anew, its defaults are its constructor's.
    private static object Clone(object record) =>
        record.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance)?.Invoke(record, null)
        ?? Activator.CreateInstance(record.GetType())!;
}
