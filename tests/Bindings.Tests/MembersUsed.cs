using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Pipeline.Tests.Bindings;

/// <summary>
/// Which members of the packages behind bindings/ the product's assemblies refer to, read from their metadata, so nothing is loaded.
/// The compiler writes an enum's values into the code as numbers: of an enum only the type is seen.
/// </summary>
internal sealed class MembersUsed
{
    private static readonly string[] Packages = ["Microsoft.Data.Sqlite", "Microsoft.ML.OnnxRuntime", "MQTTnet", "OpenCvSharp", "TorchSharp"];

    private readonly string _folder;
    private readonly SortedDictionary<string, SortedSet<string>> _types = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _members = new(StringComparer.Ordinal);

    private MembersUsed(string folder)
    {
        _folder = folder;
        foreach (string package in Packages)
        {
            _types[package] = new(StringComparer.Ordinal);
            _members[package] = new(StringComparer.Ordinal);
        }
    }

    /// <summary>Reads every assembly of a folder but the packages themselves.</summary>
    public static MembersUsed Of(string folder)
    {
        MembersUsed used = new(folder);
        foreach (string path in Directory.EnumerateFiles(folder, "*.dll"))
        {
            if (!Packages.Contains(Path.GetFileNameWithoutExtension(path)))
            {
                used.Read(path);
            }
        }

        return used;
    }

    /// <summary>The list, a section a package, sorted.</summary>
    public string Text()
    {
        StringBuilder text = new();
        foreach ((string package, SortedSet<string> members) in _members)
        {
            string[] typesAlone = [.. _types[package].Where(type => !members.Any(member => member.StartsWith($"{type}.", StringComparison.Ordinal)))];
            Section(text, package, [.. members, .. typesAlone.Select(type => $"{type} (the type)")]);
        }

        return text.ToString();
    }

    /// <summary>What our slices make public and the product does not use; overrides and interfaces are called by others.</summary>
    public string UnusedText()
    {
        StringBuilder text = new();
        foreach (string package in (string[])["MQTTnet", "OpenCvSharp", "TorchSharp"])
        {
            using PEReader file = new(File.OpenRead(Path.Combine(_folder, $"{package}.dll")));
            Section(text, package, [.. PublicMembers(file.GetMetadataReader()).Where(member => !_members[package].Contains(member))]);
        }

        return text.ToString();
    }

    private static void Section(StringBuilder text, string package, IReadOnlyCollection<string> lines)
    {
        text.Append(text.Length > 0 ? "\n" : "").Append(package).Append(": ").Append(lines.Count).Append('\n');
        foreach (string line in lines.Order(StringComparer.Ordinal))
        {
            text.Append("  ").Append(line).Append('\n');
        }
    }

    private void Read(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        if (!file.HasMetadata)
        {
            return; // a native library
        }

        MetadataReader reader = file.GetMetadataReader();
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (PackageOf(reader, handle) is { } package)
            {
                _types[package].Add(SignatureNames.OfReference(reader, handle));
            }
        }

        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            if (DeclaringType(reader, member.Parent) is { } type && PackageOf(reader, type) is { } package)
            {
                string owner = SignatureNames.OfReference(reader, type);
                _members[package].Add(
                    member.GetKind() == MemberReferenceKind.Field
                        ? $"{owner}.{reader.GetString(member.Name)}"
                        : Describe(owner, reader.GetString(member.Name), member.DecodeMethodSignature(SignatureNames.Instance, null).ParameterTypes));
            }
        }
    }

    private static TypeReferenceHandle? DeclaringType(MetadataReader reader, EntityHandle parent)
    {
        switch (parent.Kind)
        {
            case HandleKind.TypeReference:
                return (TypeReferenceHandle)parent;
            case HandleKind.TypeSpecification:
                BlobReader blob = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
                if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                {
                    return null; // an array's own accessors
                }

                blob.ReadCompressedInteger(); // class or value type
                EntityHandle generic = blob.ReadTypeHandle();
                return generic.Kind == HandleKind.TypeReference ? (TypeReferenceHandle)generic : null;
            default:
                return null;
        }
    }

    private static string? PackageOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => PackageOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => Packages.FirstOrDefault(
                package => reader.StringComparer.Equals(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name, package)),
            _ => null,
        };
    }

    private static IEnumerable<string> PublicMembers(MetadataReader reader)
    {
        foreach (TypeDefinition type in reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(type => IsPublic(reader, type)))
        {
            string owner = SignatureNames.OfDefinition(reader, type);
            foreach (MethodDefinition method in type.GetMethods().Select(reader.GetMethodDefinition))
            {
                bool called = (method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family;
                if (called && (method.Attributes & MethodAttributes.Virtual) == 0)
                {
                    yield return Describe(owner, reader.GetString(method.Name), method.DecodeSignature(SignatureNames.Instance, null).ParameterTypes);
                }
            }
        }
    }

    private static bool IsPublic(MetadataReader reader, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsPublic(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private static string Describe(string owner, string name, ImmutableArray<string> parameters) => name switch
    {
        ".ctor" => $"{owner}.new({string.Join(", ", parameters)})",
        _ when name.StartsWith("get_", StringComparison.Ordinal) && parameters.IsEmpty => $"{owner}.{name[4..]}",
        _ when name.StartsWith("set_", StringComparison.Ordinal) && parameters.Length == 1 => $"{owner}.{name[4..]} = {parameters[0]}",
        _ => $"{owner}.{name}({string.Join(", ", parameters)})",
    };
}
