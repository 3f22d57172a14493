// A router as the chat client of an agent: the session holds the conversation, so every turn may go to whichever endpoint serves it best.
//
//   dotnet run --project samples/AgentFramework -p:UseMicrosoftExtensionsAIPackage=true
//
// It needs no key: two scripted providers stand on loopback.
//
// Three turns of one session, the second streamed. In the first the cheap endpoint calls a tool and gets its result. In the second it breaks down
// after a word, which nobody notices but the trace. Then the session is written down as JSON and read again, as an app does between two requests,
// and the third turn still knows the conversation, at an endpoint that has never seen it. Each turn prints who answered, after whom, and what it cost.

using System.ComponentModel;
using MeaiRouter.Catalog;
using MeaiRouter.Endpoints;
using MeaiRouter.OpenAI;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

await using var cheap = await ScriptedProvider.StartAsync("cheap");
cheap.ForModel("small-v1")
    .Next(Reply.ToolCall("Weather", new { city = "Oslo" }).WithUsage(prompt: 80, completion: 12))
    .Next(Reply.Text("It is 4 degrees and snowing in Oslo.").WithUsage(prompt: 110, completion: 10))
    .Next(Reply.Text("Take boots, a warm coat and a hat.").CutAfter(1))
    .Then(Fault.Unavailable());
await using var reliable = await ScriptedProvider.StartAsync("reliable");
reliable.ForModel("small-v1")
    .Next(Reply.Text("Take boots, a warm coat and a hat.").WithUsage(prompt: 140, completion: 9))
    .Then(Reply.From(request => Reply.Text($"You have asked me {Questions(request)} things, and the first was about Oslo.").WithUsage(prompt: 170, completion: 12)));

var catalog = new ModelCatalog([new Model("acme/small") { Endpoints = [
    new ModelEndpoint("cheap", "small-v1") { Price = Price.PerMillion(prompt: 0.1m, completion: 0.4m) },
    new ModelEndpoint("reliable", "small-v1") { Price = Price.PerMillion(prompt: 1.0m, completion: 4.0m) }] }]);
using var router = new EndpointChatClient(new[] { cheap, reliable }.ToDictionary(provider => provider.Name, ClientOf))
    .AsBuilder()
    .UseCostTracking()
    .UseRouting(catalog, options => options.DefaultModel = "acme/small:floor")
    .UseFallback()
    .UseNormalization()
    .Build();

var agent = router.AsAIAgent(instructions: "You know the weather.", name: "weather", tools: [AIFunctionFactory.Create(Weather)]);
var session = await agent.CreateSessionAsync();

var first = await agent.RunAsync("How is the weather in Oslo?", session);
Tell(first.Text, first);

var updates = new List<AgentResponseUpdate>();
await foreach (var update in agent.RunStreamingAsync("And what do I put on?", session))
    updates.Add(update);
var second = updates.ToAgentResponse();
Tell(second.Text, second);

session = await agent.DeserializeSessionAsync(await agent.SerializeSessionAsync(session));
var third = await agent.RunAsync("What have I asked you?", session);
Tell(third.Text, third);

static IChatClient ClientOf(ScriptedProvider provider) =>
    new OpenAICompatibleChatClient(new OpenAICompatibleOptions { Provider = provider.Name, BaseUrl = provider.BaseUrl });

static int Questions(ReceivedRequest request) =>
    request.Body.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").GetString() == "user");

// The response is the agent's own; what the router says of the last call is in its properties.
static void Tell(string text, AgentResponse response)
{
    var trace = new ChatResponse { AdditionalProperties = response.AdditionalProperties }.GetRouteTrace()!;
    Console.WriteLine(text.Trim());
    Console.WriteLine($"  {string.Join(", ", trace.Attempts.Select(attempt => $"{attempt.Provider} {attempt.Failure?.Kind.ToString() ?? "answered"}"))}; {trace.Cost}");
}

[Description("The weather in a city.")]
static string Weather(string city) => $"{city}: 4 degrees, snow";
