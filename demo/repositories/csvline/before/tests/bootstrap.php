<?php

spl_autoload_register(function (string $class): void {
    $prefix = 'CsvLine\\';
    if (str_starts_with($class, $prefix)) {
        require __DIR__ . '/../src/' . substr($class, strlen($prefix)) . '.php';
    }
});
