using MeaiRouter.Configuration;
using Samples.Gateway;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);

// --config FILE is laid over appsettings.json, the environment and the command line.
if (builder.Configuration["config"] is { Length: > 0 } file)
    builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false);

// Without any models there is nothing to serve but a demonstration.
await using var demo = builder.Configuration.GetSection("MeaiRouter:Models").Exists() ? null : await Demo.StartAsync(builder.Configuration);

try
{
    builder.Services.AddMeaiRouterGateway(builder.Configuration);
}
catch (MeaiRouterConfigurationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}

await using var app = builder.Build();
app.MapMeaiRouter();
await app.StartAsync();
if (demo is not null)
    Demo.Describe(app.Urls);
await app.WaitForShutdownAsync();
return 0;
