using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.StandIn;

/// <summary>What we rely on in Microsoft.Extensions.AI's builder; holds for the package and for the stand-in.</summary>
public sealed class ChatClientBuilderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_layer_added_first_is_the_outermost(bool streaming)
    {
        var order = new List<string>();
        using var client = new TestChatClient().AsBuilder()
            .Use(inner => new Recorder(inner, "first", order))
            .Use((inner, _) => new Recorder(inner, "second", order))
            .Use(async (messages, options, next, cancellationToken) =>
            {
                order.Add("third");
                await next(messages, options, cancellationToken);
            })
            .Build();

        var response = await client.AskAsync(streaming);

        Assert.Equal(["first", "second", "third"], order);
        Assert.Equal("hello", response.Text);
    }

    [Fact]
    public void Use_and_the_constructors_refuse_null()
    {
        using var client = new TestChatClient();
        var builder = client.AsBuilder();

        Assert.Throws<ArgumentNullException>(() => new ChatClientBuilder((IChatClient)null!));
        Assert.Throws<ArgumentNullException>(() => new ChatClientBuilder((Func<IServiceProvider, IChatClient>)null!));
        Assert.Throws<ArgumentNullException>(() => builder.Use((Func<IChatClient, IChatClient>)null!));
        Assert.Throws<ArgumentNullException>(() => builder.Use((Func<IChatClient, IServiceProvider, IChatClient>)null!));
        Assert.Throws<ArgumentNullException>(() => builder.Use(sharedFunc: null!));
        Assert.Throws<ArgumentNullException>(() => builder.Use(null, null));
    }

    [Fact]
    public void A_layer_that_is_null_fails_the_build()
    {
        using var client = new TestChatClient();
        var builder = client.AsBuilder().Use(_ => null!);

        Assert.Throws<InvalidOperationException>(() => builder.Build());
    }

    [Fact]
    public void Without_services_a_layer_gets_an_empty_provider()
    {
        IServiceProvider? seen = null;
        using var client = new TestChatClient().AsBuilder()
            .Use((inner, services) =>
            {
                seen = services;
                return inner;
            })
            .Build();

        Assert.NotNull(seen);
        Assert.Null(seen.GetService<TimeProvider>());
        Assert.Null(seen.GetKeyedService<TimeProvider>("any"));
        Assert.Throws<InvalidOperationException>(() => seen.GetRequiredKeyedService<TimeProvider>("any"));
    }

    [Fact]
    public void Every_build_makes_the_layers_anew()
    {
        using var inner = new TestChatClient();
        var builder = inner.AsBuilder().Use(next => new Recorder(next, "layer", []));

        Assert.NotSame(builder.Build(), builder.Build());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_callback_serves_the_other_mode_too(bool streaming)
    {
        using var whole = new TestChatClient().AsBuilder()
            .Use((messages, options, next, cancellationToken) => next.GetResponseAsync(messages, options, cancellationToken), null)
            .Build();
        using var streamed = new TestChatClient().AsBuilder()
            .Use(null, (messages, options, next, cancellationToken) => next.GetStreamingResponseAsync(messages, options, cancellationToken))
            .Build();

        Assert.Equal("hello", (await whole.AskAsync(streaming)).Text);
        Assert.Equal("hello", (await streamed.AskAsync(streaming)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_in_a_shared_callback_reaches_the_caller(bool streaming)
    {
        using var client = new TestChatClient().AsBuilder()
            .Use((_, _, _, _) => throw new InvalidOperationException("not today"))
            .Build();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => client.AskAsync(streaming));

        Assert.Equal("not today", failure.Message);
    }

    [Fact]
    public void A_registered_client_takes_layers_that_are_added_later()
    {
        var order = new List<string>();
        var services = new ServiceCollection();
        var plain = services.AddChatClient(_ => new TestChatClient("plain"));
        var keyed = services.AddKeyedChatClient("k", new TestChatClient("keyed"));

        plain.Use(inner => new Recorder(inner, "plain", order));
        keyed.Use(inner => new Recorder(inner, "keyed", order));
        using var provider = services.BuildServiceProvider();

        Assert.Equal("plain", provider.GetRequiredService<IChatClient>().GetService<Recorder>()?.Name);
        Assert.Equal("keyed", provider.GetRequiredKeyedService<IChatClient>("k").GetService<Recorder>()?.Name);
        Assert.Same(provider.GetRequiredService<IChatClient>(), provider.GetRequiredService<IChatClient>());
    }

    [Fact]
    public void A_registered_client_is_a_singleton_unless_said_otherwise()
    {
        var services = new ServiceCollection();
        services.AddChatClient(_ => new TestChatClient());
        services.AddKeyedChatClient("k", _ => new TestChatClient(), ServiceLifetime.Transient);

        Assert.Equal([ServiceLifetime.Singleton, ServiceLifetime.Transient], services.Select(s => s.Lifetime));
    }

    private sealed class Recorder(IChatClient inner, string name, List<string> order) : DelegatingChatClient(inner)
    {
        public string Name => name;

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            order.Add(name);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            order.Add(name);
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }
    }
}
