using System.Globalization;
using AotApp;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.OpenAI;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (args is not [var cheap, var dear])
{
    Console.Error.WriteLine("Usage: AotApp BASE-URL-OF-THE-CHEAP-PROVIDER BASE-URL-OF-THE-DEAR-ONE");
    return 1;
}

var builder = Host.CreateEmptyApplicationBuilder(settings: null);
builder.Configuration.AddInMemoryCollection(Settings.For(cheap, dear));
builder.Services.AddMeaiRouter(builder.Configuration);
using var host = builder.Build();
await host.StartAsync();

var configured = host.Services.GetRequiredService<IChatClient>();
await Asking.AllAsync("configured", configured);

// The same by hand, where nothing is looked up in services.
using var byHand = new EndpointChatClient(new Dictionary<string, IChatClient> { ["cheap"] = Client("cheap", cheap), ["dear"] = Client("dear", dear) })
    .AsBuilder()
    .UseCostTracking()
    .UseRouting(Settings.Catalog, static options => options.Strategy = RoutingStrategies.Price)
    .UseFallback()
    .UseNormalization()
    .Build();
await Asking.AllAsync("by hand", byHand);

var records = ((InMemoryLedger)host.Services.GetRequiredService<ILedger>()).Records;
foreach (var record in records)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ledger: {record.RequestedModel} {record.Cost}"));

await host.StopAsync();
return records.Count == 3 ? 0 : 1;

static OpenAICompatibleChatClient Client(string name, string baseUrl) => new(new OpenAICompatibleOptions { Provider = name, BaseUrl = new Uri(baseUrl), ApiKeys = ["k"] });
