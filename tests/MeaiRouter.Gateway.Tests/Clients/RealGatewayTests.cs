using System.ClientModel;
using System.Text.Json.Nodes;
using Anthropic;
using Anthropic.Models.Messages;
using MeaiRouter.Gateway.Tests.Hosting;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using OpenAI;
using OpenAI.Chat;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>All clients before samples/Gateway in a process of its own, as an operator starts it.</summary>
public sealed class RealGatewayTests(NodeScripts scripts) : GatewayTest, IClassFixture<NodeScripts>
{
    private static readonly (string Script, string Argument, string Base)[] Clients =
    [
        ("openai.mjs", "", "/v1"), ("openai-responses.mjs", "", "/v1"), ("anthropic.mjs", "", ""), ("openrouter.mjs", "", "/api/v1"),
        ("openrouter-responses.mjs", "", "/api/v1"), ("ai-sdk.mjs", "", "/api/v1"), ("langchain.mjs", "", "/v1"), ("langchain.mjs", "responses", "/v1"),
    ];

    [NodeFact]
    public async Task Every_client_of_npm_streams_loops_and_leaves()
    {
        using var file = TemporaryFile.Of(Configuration());
        await using var sample = new SampleProcess("--urls", "http://127.0.0.1:0", "--config", file.Path);
        var address = await sample.ListeningAsync();
        foreach (var (script, argument, @base) in Clients)
        {
            First.ClearRequests();
            FirstScript
                .Next(Reply.Text("Let me look.").WithToolCall("weather", new { city = "Łódź" }, "call_a"))
                .Next(Reply.Text("It rains."))
                .Next(Reply.Chunks("one ", "two").StallAfter(1));

            var turns = (await AskAsync("tools"))["result"]?.AsArray() ?? [];
            var left = await AskAsync("leave");

            Assert.Equal([(script, "Let me look."), (script, "It rains.")], turns.Select(turn => (script, (string?)turn!["text"])));
            Assert.Equal((script, "one "), (script, (string?)left["result"]?["read"]));
            Assert.Equal("It rains in Łódź.", First.Requests[1].Body.GetProperty("messages")[2].GetProperty("content").GetString());
            await First.Requests[2].ClientAborted.WaitAsync(AtOnce);

            Task<JsonObject> AskAsync(string scenario) => scripts.AskAsync(script, argument, new JsonObject
            {
                ["scenario"] = scenario, ["streaming"] = true, ["baseUrl"] = new Uri(address, @base).ToString(), ["key"] = Key, ["model"] = Model,
            });
        }
    }

    [Fact]
    public async Task Both_clients_of_NuGet_are_answered()
    {
        FirstScript.Answers("Hello, wörld 🙂");
        using var file = TemporaryFile.Of(Configuration());
        await using var sample = new SampleProcess("--urls", "http://127.0.0.1:0", "--config", file.Path);
        var address = await sample.ListeningAsync();

        var chat = new ChatClient(Model, new ApiKeyCredential(Key), new OpenAIClientOptions { Endpoint = new Uri(address, "/v1") });
        ChatCompletion completion = await chat.CompleteChatAsync("Hi");
        using var anthropic = new AnthropicClient { BaseUrl = address.ToString().TrimEnd('/'), ApiKey = Key };
        var message = await anthropic.Messages.Create(new MessageCreateParams { Model = Model, MaxTokens = 9, Messages = [new UserMessageParam("Hi")] });

        Assert.Equal("Hello, wörld 🙂", completion.Content[0].Text);
        Assert.True(message.Content[0].TryPickText(out var text));
        Assert.Equal("Hello, wörld 🙂", text!.Text);
    }
}
