using System.Reflection;
using System.Runtime.CompilerServices;

namespace MeaiRouter.Packaging.Tests.PublicApi;

/// <summary>Lists what a user of an assembly can see, one member a line, sorted.</summary>
internal static class ApiListing
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(LinesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> LinesOf(Type type)
    {
        yield return $"{TypeText.Of(type)} {TypeText.Kind(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return MemberText.Of(type.GetMethod("Invoke")!);
            yield break;
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
            yield return MemberText.Of(constructor);
        foreach (var field in type.GetFields(Declared).Where(static field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName))
            yield return MemberText.Of(field);
        foreach (var property in type.GetProperties(Declared).Where(static property => property.GetAccessors(nonPublic: true).Any(IsVisible) && !IsSynthesized(property)))
            yield return MemberText.Of(property);
        foreach (var member in type.GetEvents(Declared).Where(static member => IsVisible(member.AddMethod!)))
            yield return MemberText.Of(member);
        foreach (var method in type.GetMethods(Declared).Where(static method => IsVisible(method) && !IsAccessor(method) && !IsSynthesized(method)))
            yield return MemberText.Of(method);
    }

    // Of a class nobody can derive from, what is protected is nobody's.
    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed && !method.DeclaringType.IsValueType);

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // What the compiler writes for every record is said by the word record.
    private static bool IsSynthesized(MemberInfo member) =>
        member.Name.StartsWith('<') || member.Name == "EqualityContract" || (member is MethodInfo && member.IsDefined(typeof(CompilerGeneratedAttribute)));
}
