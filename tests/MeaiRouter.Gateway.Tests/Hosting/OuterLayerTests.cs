using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>The gateway around layers that its host added outside the router.</summary>
public sealed class OuterLayerTests : GatewayTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_that_answers_by_itself_is_served_without_provider_and_cost(bool streaming)
    {
        await using var gateway = await StartAsync(new Layer(new ChatResponse(new ChatMessage(ChatRole.Assistant, "cached"))
        {
            ModelId = "from-elsewhere",
            FinishReason = ChatFinishReason.Stop,
        }));

        var answer = await gateway.PostAsync(Hello(streaming));

        Assert.Equal((200, "cached", "stop", null), (answer.Status, answer.Text, answer.FinishReason, answer.Provider));
        Assert.All(streaming ? answer.Chunks : [answer.Json], part => Assert.Equal((answer.Id, "from-elsewhere", null), ((string)part["id"]!, (string)part["model"]!, part["usage"])));
        if (streaming)
            Assert.Equal("[DONE]", answer.Events[^1]);
        Assert.Empty(gateway.Log.Visible);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_that_fails_is_500_with_nothing_to_see(bool streaming)
    {
        await using var gateway = await StartAsync(new Layer(new InvalidOperationException("secret of the house")));

        var answer = await gateway.PostAsync(Hello(streaming));

        Assert.Equal(500, answer.Status);
        HttpAnswer.AssertJson(
            """{ "error": { "code": 500, "message": "The gateway failed. Its log knows more.", "metadata": { "error_type": "server" } } }""", answer.Json);
        var line = Assert.Single(gateway.Log.Lines, line => line.Level == LogLevel.Error);
        Assert.StartsWith($"{answer.Headers["X-Generation-Id"]}: the gateway failed. System.InvalidOperationException: secret of the house", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_that_fails_in_the_middle_of_a_stream_ends_it_with_an_error_that_shows_nothing()
    {
        FirstScript.Always(Reply.Chunks("one ", "two"));
        await using var gateway = await StartAsync(new Layer(new InvalidOperationException("secret of the house"), after: 2));

        var answer = await gateway.PostAsync(Hello(streaming: true));

        Assert.Equal((200, "one ", "error"), (answer.Status, answer.Text, answer.FinishReason));
        Assert.DoesNotContain("[DONE]", answer.Events);
        HttpAnswer.AssertJson(
            """{ "code": 500, "message": "The gateway failed. Its log knows more.", "metadata": { "error_type": "server" } }""", answer.Chunks[^1]["error"]!);
        Assert.Contains(gateway.Log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("secret of the house", StringComparison.Ordinal));
    }

    private Task<RunningGateway> StartAsync(Layer layer) =>
        RunningGateway.StartAsync(Configuration(), router => router.ConfigurePipeline(pipeline => pipeline.Use(inner => layer.Around(inner))));

    private sealed class Layer
    {
        private readonly ChatResponse? _response;
        private readonly Exception? _failure;
        private readonly int _after;

        public Layer(ChatResponse response) => _response = response;

        public Layer(Exception failure, int after = 0) => (_failure, _after) = (failure, after);

        public IChatClient Around(IChatClient inner) => new Client(this, inner);

        private sealed class Client(Layer layer, IChatClient inner) : DelegatingChatClient(inner)
        {
            public override Task<ChatResponse> GetResponseAsync(
                IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
                layer._failure is null ? Task.FromResult(layer._response!) : Task.FromException<ChatResponse>(layer._failure);

            public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
                IEnumerable<ChatMessage> messages, ChatOptions? options = null,
                [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
            {
                if (layer._failure is null)
                {
                    foreach (var update in layer._response!.ToChatResponseUpdates())
                        yield return update;
                    yield break;
                }

                var left = layer._after;
                if (left > 0)
                {
                    await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                    {
                        yield return update;
                        if (--left == 0)
                            break;
                    }
                }

                throw layer._failure;
            }
        }
    }
}
