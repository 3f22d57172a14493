using System.Reflection;
using System.Runtime.CompilerServices;

namespace MeaiRouter.Packaging.Tests.PublicApi;

/// <summary>Spells types as C# does.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(char)] = "char", [typeof(decimal)] = "decimal", [typeof(double)] = "double",
        [typeof(float)] = "float", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(object)] = "object", [typeof(short)] = "short",
        [typeof(string)] = "string", [typeof(uint)] = "uint", [typeof(ulong)] = "ulong", [typeof(ushort)] = "ushort", [typeof(void)] = "void",
    };

    /// <summary>A type's full name, with its own parameters.</summary>
    public static string Of(Type type) => (type.DeclaringType is { } outer ? Of(outer) : type.Namespace) + "." + Simple(type)
        + (type.IsGenericTypeDefinition && OwnParameters(type) is { Length: > 0 } own ? $"<{string.Join(", ", own.Select(static p => p.Name))}>" : "");

    /// <summary>What kind of type it is, its bases and its constraints.</summary>
    public static string Kind(Type type)
    {
        var word = type switch
        {
            { IsEnum: true } => type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] enum" : "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (IsRecord(type) ? "record struct" : "struct"),
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (IsRecord(type) ? "record" : "class"),
        };
        if (type.IsEnum || word == "delegate")
            return word;

        var bases = new List<string>();
        if (type is { IsValueType: false, BaseType: { } parent } && parent != typeof(object))
            bases.Add(Of(parent, null));
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        bases.AddRange(type.GetInterfaces()
            .Where(face => face.IsVisible && !inherited.Contains(face) && !(IsRecord(type) && face.Name == "IEquatable`1"))
            .Select(static face => Of(face, null)).Order(StringComparer.Ordinal));
        return word + (bases.Count > 0 ? " : " + string.Join(", ", bases) : "") + Constraints(OwnParameters(type));
    }

    /// <summary>A type where it is used, with what is known of its nullability.</summary>
    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability?.ElementType ?? nullability);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Of(value, nullability?.GenericTypeArguments is [var argument] ? argument : null) + "?";

        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        if (type.IsGenericParameter)
            return type.Name + mark;
        if (!type.IsGenericType)
            return Name(type) + mark;

        var arguments = type.GetGenericArguments()
            .Select((argument, i) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{Name(type)}<{string.Join(", ", arguments)}>{mark}";
    }

    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(static parameter =>
    {
        var kinds = new List<string>();
        var attributes = parameter.GenericParameterAttributes;
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            kinds.Add("class");
        if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            kinds.Add("struct");
        kinds.AddRange(parameter.GetGenericParameterConstraints().Where(static type => type != typeof(ValueType)).Select(static type => Of(type, null)));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            kinds.Add("new()");
        return kinds.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", kinds)}";
    }));

    // Namespaces of the framework and of Microsoft.Extensions.AI go without saying.
    private static string Name(Type type) => type.DeclaringType is { } outer ? $"{Name(outer)}.{Simple(type)}"
        : type.Namespace is { } space && space.StartsWith("MeaiRouter", StringComparison.Ordinal) ? $"{space}.{Simple(type)}"
        : Simple(type);

    private static string Simple(Type type) => type.Name.IndexOf('`', StringComparison.Ordinal) is var at and >= 0 ? type.Name[..at] : type.Name;

    private static Type[] OwnParameters(Type type) =>
        type.IsGenericTypeDefinition ? type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..] : [];

    private static bool IsRecord(Type type) =>
        type.GetMethod(type.IsValueType ? "PrintMembers" : "<Clone>$", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;
}
