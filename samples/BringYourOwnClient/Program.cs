// Clients that are not MeaiRouter's, as endpoints of one model: OpenAI's SDK, Anthropic's SDK, and one written by hand.
//
//   dotnet run --project samples/BringYourOwnClient -p:UseMicrosoftExtensionsAIPackage=true
//
// It needs no key: scripted servers stand on loopback in place of both providers.
//
// Three calls, whole and streamed. In the first OpenAI answers, in the second it limits the rate and Anthropic answers, in the third OpenAI
// still rests, Anthropic is overloaded, and the client written by hand answers. Each call prints every attempt with its failure and its cost: two dialects of errors and usage, told alike.

using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using MeaiRouter.Catalog;
using MeaiRouter.Endpoints;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;
using OpenAI;
using Samples.BringYourOwnClient;

await using var openAIServer = await ScriptedProvider.StartAsync("openai");
await using var anthropicServer = await MessagesServer.StartAsync();

// The router has its own retries; two loops would multiply.
var openAI = new OpenAIClient(new ApiKeyCredential("no key"), new OpenAIClientOptions { Endpoint = openAIServer.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) });
var anthropic = new AnthropicClient { ApiKey = "no key", BaseUrl = anthropicServer.BaseUrl, MaxRetries = 0 };

using var client = new EndpointChatClient(new Dictionary<string, IChatClient>
    {
        ["openai"] = openAI.GetChatClient("gpt-small").AsIChatClient(),
        ["anthropic"] = anthropic.AsIChatClient("claude-small"),
        ["mine"] = new PhraseBook(),
    })
    .AsBuilder()
    .UseCostTracking()
    .UseRouting(Catalog(), options => options.DefaultModel = "small:floor")
    .UseFallback()
    .UseNormalization()
    .Build();

openAIServer.ForModel("gpt-small")
    .Next(Reply.Text("Hei! (OpenAI)").WithUsage(prompt: 1_000, completion: 5))
    .Then(Fault.RateLimited(retryAfter: TimeSpan.FromMinutes(1)));
foreach (var (isDown, isStreamed) in new[] { (false, false), (false, true), (true, false) })
{
    anthropicServer.IsDown = isDown;
    var response = isStreamed
        ? await client.GetStreamingResponseAsync("Say hello in Norwegian.").ToChatResponseAsync()
        : await client.GetResponseAsync("Say hello in Norwegian.");

    Console.WriteLine(response.Text);
    foreach (var attempt in response.GetRouteTrace()!.Attempts)
        Console.WriteLine($"  {attempt.Provider,-9} {attempt.Failure?.Kind.ToString() ?? "answered",-12} {attempt.Cost}");
}

static ModelCatalog Catalog() => new([new Model("small") { Endpoints = [
    new ModelEndpoint("openai", "gpt-small") { Price = Price.PerMillion(prompt: 0.15m, completion: 0.60m) },
    new ModelEndpoint("anthropic", "claude-small") { Price = Price.PerMillion(prompt: 1m, completion: 5m) },
    new ModelEndpoint("mine", "phrases") { Price = Price.PerMillion(prompt: 2m, completion: 8m) }] }]);
