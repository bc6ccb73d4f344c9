<?php

spl_autoload_register(function (string $class): void {
    require __DIR__ . '/../src/' . substr($class, strlen('CsvLine\\')) . '.php';
});
