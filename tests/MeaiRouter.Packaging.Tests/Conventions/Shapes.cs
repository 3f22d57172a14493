using System.Reflection;
using MeaiRouter.Packaging.Tests.Running;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Packaging.Tests.Conventions;

/// <summary>The clients, layers and verbs of all packages, found by reflection, so that a new one is held to the conventions from its first day.</summary>
internal static class Shapes
{
    public static IReadOnlyList<Type> Types { get; } = [.. Repository.Packages.SelectMany(static package => Repository.Load(package).GetExportedTypes())];

    public static IReadOnlyList<Type> Clients { get; } = [.. Types.Where(static type => typeof(IChatClient).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false })];

    public static IReadOnlyList<Type> Layers { get; } = [.. Clients.Where(static type => typeof(DelegatingChatClient).IsAssignableFrom(type))];

    /// <summary>The verbs: extension methods of the builder, by the class that the convention wants them in.</summary>
    public static IReadOnlyList<MethodInfo> Verbs { get; } = [.. ExtensionsOf(typeof(ChatClientBuilder))];

    public static IEnumerable<MethodInfo> ExtensionsOf(Type extended) => Types
        .Where(static type => type is { IsAbstract: true, IsSealed: true })
        .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) && method.GetParameters()[0].ParameterType == extended);

    public static IEnumerable<MethodInfo> VerbsOf(Type layer) => Verbs.Where(verb => verb.DeclaringType!.Name == layer.Name + "BuilderExtensions");

    /// <summary>Whether a parameter is a client or holds clients.</summary>
    public static bool IsManyClients(ParameterInfo parameter) =>
        parameter.ParameterType.IsGenericType && parameter.ParameterType.GetGenericArguments().Contains(typeof(IChatClient))
        && typeof(System.Collections.IEnumerable).IsAssignableFrom(parameter.ParameterType);
}
