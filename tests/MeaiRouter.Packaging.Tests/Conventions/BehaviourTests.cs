using System.Reflection;
using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Packaging.Tests.Conventions;

/// <summary>What every layer does, made by its own verb from services alone.</summary>
public sealed class BehaviourTests
{
    public static TheoryData<Type> Layers => [.. Shapes.Layers];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_verb_needs_nothing_but_services_and_makes_its_layer(Type layer)
    {
        using var inner = new InnerClient();

        Assert.IsType(layer, Build(layer, inner));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_verb_refuses_a_missing_builder_at_once_and_gives_back_the_one_it_got(Type layer)
    {
        using var inner = new InnerClient();

        Assert.All(Shapes.VerbsOf(layer), verb =>
        {
            var refused = Assert.Throws<TargetInvocationException>(() => verb.Invoke(null, Arguments(verb, null, inner)));
            Assert.Equal("builder", Assert.IsType<ArgumentNullException>(refused.InnerException).ParamName);
            var builder = inner.AsBuilder();
            Assert.Same(builder, verb.Invoke(null, Arguments(verb, builder, inner)));
        });
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_knows_itself_forwards_the_rest_and_never_takes_a_key_for_its_own(Type layer)
    {
        using var inner = new InnerClient();
        var client = Build(layer, inner);

        Assert.Same(client, client.GetService(layer));
        Assert.Same(client, client.GetService(typeof(IChatClient)));
        Assert.Same(inner, client.GetService(typeof(InnerClient)));
        Assert.Same(inner, client.GetService(layer, "key"));
        Assert.Same(inner, client.GetService(typeof(ChatClientMetadata), "key"));
        Assert.Null(client.GetService(typeof(Uri)));
        Assert.NotNull(client.GetService(typeof(ChatClientMetadata)));
        Assert.Throws<ArgumentNullException>(() => client.GetService(null!));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Missing_messages_are_refused_when_the_method_is_called_not_when_the_answer_is_awaited(Type layer)
    {
        using var inner = new InnerClient();
        var client = Build(layer, inner);

        Assert.Throws<ArgumentNullException>("messages", () => { _ = client.GetResponseAsync((IEnumerable<ChatMessage>)null!); });
        Assert.Throws<ArgumentNullException>("messages", () => { _ = client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!); });
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_disposes_what_it_wraps_and_only_once(Type layer)
    {
        var inner = new InnerClient();
        var client = Build(layer, inner);

        client.Dispose();
        client.Dispose();

        Assert.Equal(1, inner.Disposals);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Without_anything_to_wrap_there_is_no_layer(Type layer)
    {
        Assert.All(layer.GetConstructors(), constructor =>
        {
            var arguments = constructor.GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : Value(parameter.ParameterType, null)).ToArray();
            arguments[0] = null;
            Assert.IsAssignableFrom<ArgumentNullException>(Assert.Throws<TargetInvocationException>(() => constructor.Invoke(arguments)).InnerException);
        });
    }

    private static ServiceProvider Services { get; } = new ServiceCollection()
        .AddSingleton(new BudgetBook([]))
        .AddSingleton(new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 2) }))
        .AddSingleton(new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("acme", "m")] }]))
        .BuildServiceProvider();

    private static IChatClient Build(Type layer, InnerClient inner)
    {
        var verb = Shapes.VerbsOf(layer).First(static verb => verb.GetParameters()[1..].All(static parameter => parameter.HasDefaultValue));
        var builder = inner.AsBuilder();
        verb.Invoke(null, Arguments(verb, builder, inner));
        return builder.Build(Services);
    }

    private static object?[] Arguments(MethodInfo verb, ChatClientBuilder? builder, InnerClient inner) =>
        [builder, .. verb.GetParameters()[1..].Select(parameter => parameter.HasDefaultValue ? null : Value(parameter.ParameterType, inner))];

    /// <summary>A value for a parameter that must have one.</summary>
    private static object? Value(Type type, IChatClient? client) => type switch
    {
        _ when type == typeof(IChatClient) => client,
        _ when type == typeof(IEnumerable<IChatClient>) => client is null ? Array.Empty<IChatClient>() : new[] { client },
        _ when type == typeof(IEnumerable<Budget>) => Array.Empty<Budget>(),
        _ when type == typeof(bool) => false,
        _ when type == typeof(LiveCatalog) => new LiveCatalog([]),
        _ when typeof(Delegate).IsAssignableFrom(type) => Nothing(type),
        _ when type.IsInterface => NSubstitute.Substitute.For([type], []),
        _ => Services.GetService(type) ?? Activator.CreateInstance(type),
    };

    private static Delegate Nothing(Type action) =>
        typeof(BehaviourTests).GetMethod(nameof(Ignore), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(action.GetGenericArguments()).CreateDelegate(action);

    private static void Ignore<T>(T value)
    {
    }
}
