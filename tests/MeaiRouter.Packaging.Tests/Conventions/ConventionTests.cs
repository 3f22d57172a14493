using System.Reflection;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeaiRouter.Packaging.Tests.Conventions;

/// <summary>What Microsoft.Extensions.AI does everywhere and its users expect, held against the signatures of every layer and verb.</summary>
public sealed class ConventionTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<Type> Clients => [.. Shapes.Clients];

    public static TheoryData<Type> Layers => [.. Shapes.Layers];

    public static TheoryData<string> Verbs => [.. Shapes.Verbs.Select(static verb => verb.ToString()!).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_layers_are_those_we_know_of_at_least()
    {
        Assert.Superset(
            new HashSet<string> { "BudgetChatClient", "CostTrackingChatClient", "ResponseCacheChatClient", "RouterChatClient", "FallbackChatClient", "NormalizingChatClient" },
            Shapes.Layers.Select(static layer => layer.Name).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_is_sealed_answers_in_both_modes_and_has_a_verb_of_its_name(Type layer)
    {
        Assert.True(layer.IsSealed);
        Assert.EndsWith("ChatClient", layer.Name, StringComparison.Ordinal);
        Assert.All(
            (string[])[nameof(IChatClient.GetResponseAsync), nameof(IChatClient.GetStreamingResponseAsync)],
            mode => Assert.NotEqual(typeof(DelegatingChatClient), layer.GetMethod(mode)!.DeclaringType));
        Assert.NotEmpty(Shapes.VerbsOf(layer));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_takes_the_client_it_wraps_then_what_it_needs_then_what_it_may_do_without(Type layer)
    {
        Assert.All(layer.GetConstructors(), constructor =>
        {
            var parameters = constructor.GetParameters();
            Assert.Equal(typeof(IChatClient), parameters[0].ParameterType);
            Assert.Contains(parameters[0].Name, (string[])["innerClient", "primary"]);
            Assert.False(parameters[0].HasDefaultValue);
            Assert.Equal(parameters.OrderBy(static parameter => parameter.HasDefaultValue), parameters);
        });
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void A_constructor_that_takes_several_clients_says_whether_it_leaves_them_open_and_by_default_does_not(Type client)
    {
        Assert.All(client.GetConstructors().Where(static constructor => constructor.GetParameters().Any(Shapes.IsManyClients)), static constructor =>
        {
            var leaveOpen = Assert.Single(constructor.GetParameters(), static parameter => parameter.Name == "leaveOpen");
            Assert.Equal((typeof(bool), (object)false), (leaveOpen.ParameterType, leaveOpen.DefaultValue));
        });
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void A_constructor_that_takes_a_client_documents_who_disposes_it(Type client)
    {
        var documentation = Documentation.Of(client.Assembly);

        Assert.All(
            client.GetConstructors().Where(static constructor => constructor.GetParameters().Any(static parameter => parameter.ParameterType == typeof(IChatClient) || Shapes.IsManyClients(parameter))),
            constructor => Assert.Contains("dispose", documentation.OfConstructor(constructor), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_verb_extends_the_builder_in_its_namespace_gives_it_back_and_takes_configure_last(string name)
    {
        var verb = Shapes.Verbs.Single(verb => verb.ToString() == name);
        var parameters = verb.GetParameters();

        Assert.Equal("Microsoft.Extensions.AI", verb.DeclaringType!.Namespace);
        Assert.EndsWith("BuilderExtensions", verb.DeclaringType.Name, StringComparison.Ordinal);
        Assert.StartsWith("Use", verb.Name, StringComparison.Ordinal);
        Assert.Equal(("builder", typeof(ChatClientBuilder)), (parameters[0].Name, verb.ReturnType));
        Assert.Contains(Shapes.Layers, layer => layer.Name + "BuilderExtensions" == verb.DeclaringType.Name);

        // Actions configure, and nothing else does; whatever may be left out may be null, so that services can fill it in.
        Assert.All(parameters, parameter => Assert.Equal(
            parameter.ParameterType.IsGenericType && parameter.ParameterType.GetGenericTypeDefinition() == typeof(Action<>), parameter.Name == "configure"));
        Assert.DoesNotContain(parameters[..^1], static parameter => parameter.Name == "configure");
        Assert.All(parameters.Where(static parameter => parameter.HasDefaultValue), static parameter =>
            Assert.Equal((null, NullabilityState.Nullable), (parameter.DefaultValue, Nullability.Create(parameter).ReadState)));
    }

    [Theory]
    [InlineData(typeof(IServiceCollection), "Microsoft.Extensions.DependencyInjection")]
    [InlineData(typeof(IHealthChecksBuilder), "Microsoft.Extensions.DependencyInjection")]
    [InlineData(typeof(IHostApplicationBuilder), "Microsoft.Extensions.Hosting")]
    public void Registrations_stand_in_the_namespace_of_what_they_extend(Type extended, string expected)
    {
        Assert.All(Shapes.ExtensionsOf(extended), method =>
        {
            Assert.Equal(expected, method.DeclaringType!.Namespace);
            Assert.StartsWith("Add", method.Name, StringComparison.Ordinal);
        });
    }
}
