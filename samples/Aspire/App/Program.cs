using MeaiRouter.Caching;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Samples.Aspire.App;

var builder = WebApplication.CreateBuilder(args);

// The connections 'shared' and 'chat' are named in appsettings.json.
builder.AddMeaiRouter("router");

// Answers are kept where every instance of the app finds them.
builder.Services.AddStackExchangeRedisCache(redis => redis.Configuration = builder.Configuration.GetConnectionString("cache"));
builder.Services.AddSingleton<IResponseCacheStore, DistributedResponseCacheStore>();

builder.Services.AddTelemetry(builder.Configuration);

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapGet("/", async (string? question, IChatClient client, CancellationToken cancellationToken) =>
{
    // The gateway first, which knows budgets and everybody's costs; OpenAI itself while the gateway is away.
    var options = new ChatOptions().WithRouting(new RoutingPreferences { Order = ["shared"] });
    var response = await client.GetResponseAsync(question ?? "Say hello.", options, cancellationToken);

    var trace = response.GetRouteTrace()!;
    return new Answer(response.Text, trace.Answer?.Provider, trace.IsCacheHit, trace.Cost?.ToUsd(), [.. trace.Attempts.Select(attempt => $"{attempt.Provider}: {attempt.Outcome}")]);
});
await app.RunAsync();
