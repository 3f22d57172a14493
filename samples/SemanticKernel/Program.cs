// A router as the chat client of a kernel: prompts, plugins and service ids are Semantic Kernel's own, and it knows nothing of endpoints that fail.
//
//   dotnet run --project samples/SemanticKernel -p:UseMicrosoftExtensionsAIPackage=true
//
// It needs no key: two scripted providers stand on loopback.
//
// It prints three answers. The first comes from the cheap endpoint. In the second the cheap endpoint calls the plugin and is down when the result is
// ready; the other one takes the conversation over. The third is asked of the service "careful", which is another model of the same router.
// At the end it prints what the ledger knows: a line for each request, also for both halves of the loop, with its attempts and its cost.

using System.ComponentModel;
using MeaiRouter.Costs;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Samples.SemanticKernel;

await using var cheap = await ScriptedProvider.StartAsync("cheap");
cheap.ForModel("small-v1")
    .Next(Reply.Text("Oslo is the capital of Norway.").WithUsage(prompt: 20, completion: 7))
    .Next(Reply.ToolCall("Weather-now", new { city = "Oslo" }).WithUsage(prompt: 80, completion: 12))
    .Then(Fault.Unavailable());
await using var reliable = await ScriptedProvider.StartAsync("reliable");
reliable.ForModel("small-v1").Always(Reply.Text("It is 4 degrees and snowing in Oslo.").WithUsage(prompt: 110, completion: 10));
reliable.ForModel("large-v1").Always(Reply.Text("Oslo, since 1814 and again since 1905.").WithUsage(prompt: 20, completion: 9));

var configuration = new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "meairouter.json"))
    .AddInMemoryCollection([new("MeaiRouter:Providers:cheap:BaseUrl", $"{cheap.BaseUrl}"), new("MeaiRouter:Providers:reliable:BaseUrl", $"{reliable.BaseUrl}")])
    .Build();

var builder = Kernel.CreateBuilder();
builder.Services.AddMeaiRouter(configuration)
    .ConfigurePipeline(pipeline => pipeline.UseKernelFunctionInvocation())     // outside the router, so that a tool's result may go to another endpoint
    .AddModelClient("acme/large", serviceKey: "careful");                      // what Semantic Kernel calls a service
builder.Plugins.AddFromType<Weather>();
var kernel = builder.Build();

var automatic = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
await AskAsync("Which city is the capital of Norway?", new PromptExecutionSettings());
await AskAsync("How is the weather there?", automatic);
await AskAsync("Since when is it the capital?", new PromptExecutionSettings { ServiceId = "careful" });

Console.WriteLine();
foreach (var request in ((InMemoryLedger)kernel.Services.GetRequiredService<ILedger>()).Records)
{
    var attempts = request.Attempts.Select(attempt => $"{attempt.Provider} {attempt.FailureKind?.ToString() ?? "answered"}");
    Console.WriteLine($"{request.RequestedModel,-11} {string.Join(", ", attempts),-40} {request.Cost}");
}

async Task AskAsync(string question, PromptExecutionSettings settings)
{
    var result = await kernel.InvokePromptAsync(question, new KernelArguments(settings));
    var response = result.GetValue<ChatResponse>()!;
    Console.WriteLine($"{question}\n  {response.Text.Trim()} ({response.GetRouteTrace()!.Answer!.Provider}, {response.ModelId})");
}

namespace Samples.SemanticKernel
{
    internal sealed class Weather
    {
        [KernelFunction("now"), Description("The weather in a city.")]
        public static string Now(string city) => $"{city}: 4 degrees, snow";
    }
}
