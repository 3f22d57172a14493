var builder = DistributedApplication.CreateBuilder(args);

// A model as any app of Aspire's has it. Its key is asked for once, by the dashboard.
var openai = builder.AddOpenAI("openai");
var chat = openai.AddModel("chat", "gpt-4o-mini");

// The gateway: one address for everybody else, whose ledger is in PostgreSQL. It is configured as anywhere, by its section.
var ledger = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("ledger");
var gatewayKey = builder.AddParameter("gateway-key", new GenerateParameterDefault { Special = false }, secret: true);
var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health/ready")
    .WithEnvironment("MeaiRouter__Catalog__BuiltIn", "models")
    .WithEnvironment("MeaiRouter__Providers__openai__ApiKey", openai.Resource.Key)
    .WithEnvironment("MeaiRouter__Gateway__Keys__0__Name", "app")
    .WithEnvironment("MeaiRouter__Gateway__Keys__0__Key", gatewayKey)
    .WithEnvironment("MeaiRouter__Gateway__Keys__0__LimitUsd", "5")
    .WithEnvironment("MeaiRouter__Gateway__Ledger", ledger)
    .WaitFor(ledger);

// One of its models as a connection, like the one above.
var shared = builder.AddConnectionString(
    "shared", ReferenceExpression.Create($"Endpoint={gateway.GetEndpoint("http")};Key={gatewayKey};Model=openai/gpt-4o-mini"));

// The app routes between the two and keeps answers in Redis.
builder.AddProject<Projects.App>("app")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(shared)
    .WithReference(chat)
    .WithReference(builder.AddRedis("cache"))
    .WaitFor(gateway);

builder.Build().Run();
